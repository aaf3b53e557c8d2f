import type { KubernetesObject } from "../../charts";
import { type Check, placedObjects, resourcesOf } from "./check";
import { finding } from "./codes";

interface IssuerSpec {
  readonly acme?: {
    readonly solvers: readonly {
      readonly selector?: { readonly dnsZones?: readonly string[] };
      readonly dns01?: { readonly cnameStrategy?: string };
    }[];
  };
}

/**
 * Where the name of a certificate's proof is an alias into another zone, cert-manager has to follow it: by default it
 * asks for a record in the zone of the name itself, which it may not write, and the certificate is never issued.
 * Source: cert-manager 1.19, "DNS01", Delegated Domains for DNS01.
 */
export const proofsAreFollowed: Check = (synthesized) => {
  const aliases = synthesized.stacks
    .flatMap(resourcesOf)
    .filter(({ type, body }) => type === "cloudflare_dns_record" && body.type === "CNAME")
    .map(({ body }) => String(body.name))
    .filter((name) => name.startsWith("_acme-challenge."));
  return placedObjects(synthesized).flatMap(({ object, path }) =>
    solversOf(object)
      .filter(({ dns01 }) => dns01 && dns01.cnameStrategy !== "Follow")
      .flatMap(({ selector: { dnsZones } = {} }) =>
        aliases
          .filter((name) => !dnsZones || dnsZones.some((zone) => name.endsWith(`.${zone}`)))
          .map((name) =>
            finding("HFT-SYN-015", path, `does not follow the alias ${name}`, "set cnameStrategy to Follow"),
          ),
      ),
  );
};

function solversOf({ kind, spec }: KubernetesObject) {
  return kind === "ClusterIssuer" || kind === "Issuer" ? ((spec as IssuerSpec).acme?.solvers ?? []) : [];
}
