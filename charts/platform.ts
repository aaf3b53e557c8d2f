import { App, Chart } from "cdk8s";
import type { Environment } from "../environments";
import { declareRoles } from "./access/roles";
import { declarePodPolicy } from "./admission/pod-policy";
import type { PodIdentity } from "./aws-needs";
import { declareBackups } from "./backup/backups";
import { declareAuthorityExchange } from "./certificates/authority-exchange";
import { declareInternalAuthority } from "./certificates/internal-authority";
import { ENGINE_PORTS, Engine } from "./engine/engine";
import { FRONTEND_PORT, Frontend } from "./frontend/frontend";
import { Gateway } from "./gateway/gateway";
import { declareOriginCertificate } from "./gateway/origin-certificate";
import { type Connection, tcp } from "./kubernetes/connections";
import { inDeploymentOrder } from "./kubernetes/deployment-order";
import type { KubernetesObject } from "./kubernetes/manifest";
import { declareNetworkPolicies } from "./kubernetes/network-policies";
import { INTERNET } from "./kubernetes/peers";
import { notKnown } from "./kubernetes/protection";
import { declareStorageClasses } from "./kubernetes/storage-classes";
import { Migration } from "./migration/migration";
import { declareMonitoring } from "./monitoring/monitoring";
import { declareNamespaces } from "./namespaces";
import { ClockExporter } from "./node-agents/clock-exporter";
import { LogShipper } from "./node-agents/log-shipper";
import { declarePriorities } from "./priority";
import { quotasFor } from "./quotas";
import { declareTradingSecrets } from "./secrets/engine-secrets";
import { declareSecretStore } from "./secrets/secret-store";
import { type Site, siteOf } from "./site";

/**
 * Everything that runs in one region's cluster, as plain objects in the order in which they must exist: what
 * `cdk8s synth` prints and what the workloads stack deploys.
 */
export function synthesizeManifests(environment: Environment, regionName: string): KubernetesObject[] {
  const site = siteOf(environment, regionName);
  const objects = assemble(site).toJson() as KubernetesObject[];
  return inDeploymentOrder([...objects, ...quotasFor(environment, objects)]);
}

/** Service accounts that need an AWS role in one region's cluster. */
export function podIdentities(environment: Environment, regionName: string): PodIdentity[] {
  const site = siteOf(environment, regionName);
  assemble(site);
  return site.podIdentities;
}

/** Everything that may be connected in one region's cluster, with whom and why. */
export function declaredConnections(environment: Environment, regionName: string): readonly Connection[] {
  const site = siteOf(environment, regionName);
  assemble(site);
  return site.connections.all;
}

function assemble(site: Site): Chart {
  const chart = new Chart(new App(), `${site.environment.name}-${site.region.name}`, {
    disableResourceNameHashes: true,
  });
  declareNamespaces(chart);
  declareRoles(chart);
  declarePodPolicy(chart);
  declareSecretStore(chart, site);
  declareTradingSecrets(chart, site);
  declarePriorities(chart);
  declareStorageClasses(chart, site);
  declareOriginCertificate(chart, site);
  declareInternalAuthority(chart, site);
  declareAuthorityExchange(chart, site);

  const engine = new Engine(chart, site);
  const frontend = Frontend.of(chart, site);
  const engines = [...engine.addresses, ...(engine.peerAddress ? [engine.peerAddress] : [])];
  const gateway = new Gateway(chart, site, {
    engines,
    engineProtection: engine.protection,
    frontend,
  });
  gateway.connectTo(engine, tcp(ENGINE_PORTS.https), "orders, market data and account queries", engine.protection);
  if (engine.peerEntrance) {
    gateway.connectTo(
      engine.peerEntrance,
      tcp(ENGINE_PORTS.https),
      "the same, while the other region's engine is active",
      engine.protection,
    );
  }
  if (frontend) {
    gateway.connectTo(frontend, tcp(FRONTEND_PORT), "pages", frontend.protection);
    // Not to the engine: only the gateway reaches that. What pages made on the server ask goes through the public
    // address.
    frontend.connectTo(
      INTERNET,
      tcp(443),
      "the public API, and services that the pages are made with",
      notKnown("the port is that of HTTPS; what the pages' image says there, and whom it believes, is its own"),
    );
  }

  if (site.region.role === "active") new Migration(chart, site);
  declareBackups(chart, site);
  new LogShipper(chart, site);
  new ClockExporter(chart, site);
  declareMonitoring(chart, site);

  declareNetworkPolicies(chart, site.connections);
  return chart;
}
