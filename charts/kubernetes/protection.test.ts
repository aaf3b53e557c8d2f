import type { IPodSpec } from "kubernetes-models/v1";
import { declaredConnections, synthesizeManifests } from "../platform";
import { EVERY_SITE } from "../testing/every-site";
import { podTemplates } from "../testing/pod-templates";
import type { PodPeer } from "./connections";
import type { KubernetesObject } from "./manifest";

interface TlsSettings {
  readonly scheme?: string;
  readonly tlsConfig?: { readonly serverName: string; readonly ca: { readonly secret: { name: string; key: string } } };
}

interface CertificateSpec {
  readonly secretName: string;
  readonly dnsNames: readonly string[];
}

/** Secrets that a pod has mounted, whichever way. */
const mounted = ({ volumes = [] }: IPodSpec) =>
  volumes.flatMap(({ projected, secret }) => [
    ...(projected?.sources ?? []).map((source) => source.secret?.name),
    secret?.secretName,
  ]);

describe.each(EVERY_SITE)("what is said to be TLS in %s", (_, environment, region) => {
  const objects = synthesizeManifests(environment, region);
  const internal = declaredConnections(environment, region).flatMap(({ from, to, port, protection }) =>
    protection.kind === "internal" && to.kind === "pods" ? [{ from, to, port, ...protection }] : [],
  );
  const podOf = (peer: PodPeer) =>
    podTemplates(objects).find(
      ({ name, namespace, kind }) => name === peer.name && namespace === peer.namespace && kind !== "Job",
    )!;
  const certificates = objects
    .filter(({ kind }) => kind === "Certificate")
    .map(({ metadata, spec }) => ({ namespace: metadata.namespace, ...(spec as CertificateSpec) }));

  it("has a certificate of the name that callers check, in the namespace of the pods, which have it mounted", () => {
    expect(internal.length).toBeGreaterThan(5);
    for (const { to, shown } of internal) {
      const certificate = certificates.find(
        ({ namespace, secretName }) => namespace === to.namespace && secretName === shown.secret,
      );
      expect([to.name, certificate?.dnsNames]).toEqual([to.name, expect.arrayContaining([shown.name])]);
      expect(mounted(podOf(to).spec)).toContain(shown.secret);
    }
  });

  it("is asked for by Prometheus with the authority and the name; everything else it asks in plain text", () => {
    const asked = [...monitored(objects), ...probed(objects)];
    expect(asked.length).toBeGreaterThan(5);
    for (const { name, settings } of asked) {
      const hops = internal.filter(({ from, to }) => from.name === "prometheus" && to.name === name);
      const [hop] = hops;
      const wanted = hop && {
        scheme: "https",
        tlsConfig: { serverName: hop.shown.name, ca: { secret: { name: hop.shown.secret, key: "ca.crt" } } },
      };
      const { scheme, tlsConfig } = settings;
      expect([name, scheme && { scheme, tlsConfig }]).toEqual([name, wanted]);
    }
  });

  it("is asked for by the gateway wherever it leaves its pod", () => {
    const files = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "gateway")!;
    const { "nginx.conf": configuration } = (files as unknown as { data: Record<string, string> }).data;
    const passed = [...configuration!.matchAll(/proxy_pass (\S+);/g)].map(([, address]) => address!);
    const leaving = passed.filter((address) => !/^http:\/\/127\.0\.0\.1[:/]/.test(address));
    expect(leaving.length).toBeGreaterThan(3);
    expect(leaving.filter((address) => !address.startsWith("https://"))).toEqual([]);
    const names = [...configuration!.matchAll(/proxy_ssl_name (\S+);/g)].map(([, name]) => name);
    const wanted = internal.filter(({ from }) => from.name === "gateway").map(({ shown }) => shown.name);
    expect(new Set(names)).toEqual(new Set(wanted));
  });
});

const monitored = (objects: readonly KubernetesObject[]) =>
  objects
    .filter(({ kind }) => kind === "ServiceMonitor")
    .flatMap(({ metadata, spec }) =>
      (spec as { endpoints: TlsSettings[] }).endpoints.map((settings) => ({ name: metadata.name, settings })),
    );

const probed = (objects: readonly KubernetesObject[]) =>
  objects
    .filter(({ kind }) => kind === "Probe")
    .map(({ spec }) => {
      const { prober, tlsConfig } = spec as TlsSettings & { prober: { url: string; scheme: string } };
      return { name: prober.url.split(".")[0]!, settings: { scheme: prober.scheme, tlsConfig } };
    });
