import { declaredConnections, type Hop, hopTable, policyHops, probeHops, synthesizeManifests } from "../../charts";
import type { Environment } from "../../environments";
import { Names } from "../../vocabulary";
import { operatorsBesideMonitoring } from "../operators/all-operators";
import { monitoring } from "../operators/monitoring";
import type { OperatorSite } from "../operators/operator";

const BEGIN = "<!-- hops -->";
const END = "<!-- /hops -->";

/** Every hop between pods that the platform's policies let through or the kubelet makes, in whichever environment. */
function platformHops(environments: readonly Environment[]): Hop[] {
  const sites = environments.flatMap((environment) => environment.regions.map(({ name }) => ({ environment, name })));
  const hops = sites.flatMap(({ environment, name }) => [
    ...policyHops(declaredConnections(environment, name)),
    ...probeHops(synthesizeManifests(environment, name)),
  ]);
  // An entrance is named after its region.
  const regions = new RegExp(`-(${[...new Set(sites.map(({ name }) => name))].join("|")})$`);
  return hops.map((hop) => ({ ...hop, from: hop.from.replace(regions, ""), to: hop.to.replace(regions, "") }));
}

/** What operators' own charts connect. Nothing of it depends on where they are installed. */
export function operatorHops(environment: Environment): Hop[] {
  const site: OperatorSite = {
    names: new Names(environment.name, environment.activeRegion),
    accountId: environment.accountId,
    clusterName: "cluster",
    vpcId: "vpc",
    keyArn: "key",
    dnsZoneId: "zone",
    monitoring: environment.monitoring,
    kubernetesVersion: environment.kubernetes.version,
    autoscaledPools: [],
  };
  return [monitoring(site), ...operatorsBesideMonitoring(site)].flatMap(({ hops = [] }) => hops);
}

/** A document with its tables of hops drawn anew. */
export function withHops(document: string, environments: readonly Environment[]): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document has no ${BEGIN} … ${END}; add both lines`);
  const hops = platformHops(environments);
  const everybody = [...new Set(hops.filter(({ to }) => to === "cluster-dns").map(({ from }) => from))];
  const tables = [
    hopTable(hops, everybody),
    "",
    "Connections of the operators' own charts, in namespaces without the platform's network policies:",
    "",
    hopTable(operatorHops(environments[0]!)),
    "",
  ];
  return `${document.slice(0, begin)}${[BEGIN, ...tables].join("\n")}${document.slice(end)}`;
}
