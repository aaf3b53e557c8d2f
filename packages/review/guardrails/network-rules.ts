import { containsRange } from "@hft/toolkit";
import { isList, isObject, type Value, type ValueObject } from "../language";
import { type Breach, breachOf, type ChangedResource, type Rule } from "./rule";
import { left, type Protection, pairsAt, removed, switchedOff, switchedOn } from "./weakening";

/** One permission to reach something: from where, to which ports. */
interface Opening {
  readonly source: string;
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
}

const WORLD = ["0.0.0.0/0", "::/0"];
/** Ports that are meant for everyone. */
const WEB_PORTS = [80, 443];
const PORT_MAX = 65_535;

export const NETWORK_RULES: readonly Rule[] = [
  {
    id: "RV-NET-1",
    severity: "high",
    title: "Ingress is wider",
    explanation: "More addresses or ports can reach the resources behind this rule.",
    find: ({ verdicts }) => verdicts.flatMap(widerIngress),
  },
  {
    id: "RV-NET-2",
    severity: "critical",
    title: "Exposed to the internet",
    explanation: "A resource that was private can be reached by anyone.",
    find: ({ verdicts }) => verdicts.flatMap(exposed),
  },
  {
    id: "RV-NET-3",
    severity: "high",
    title: "Connections at the edge are less protected",
    explanation: "Older protocols, plain HTTP or an unchecked origin let others read or change traffic.",
    find: ({ verdicts }) => verdicts.flatMap(weakerEdge),
  },
];

function widerIngress(verdict: ChangedResource): Breach[] {
  const now = openingsOf(verdict.config.type, verdict.after);
  if (now.length === 0 || verdict.action === "no-op") return [];
  const before = openingsOf(verdict.config.type, verdict.before);
  const added = now.filter((opening) => !before.some((other) => includes(other, opening)));
  return added
    .filter((opening) => verdict.before !== null || WORLD.includes(opening.source))
    .map((opening) => {
      const fromWorld = WORLD.includes(opening.source);
      const web = WEB_PORTS.includes(opening.fromPort) && opening.fromPort === opening.toPort;
      const severity = fromWorld && !web ? "critical" : fromWorld ? "medium" : "high";
      return breachOf(verdict, `${portsText(opening)} is open to ${opening.source}`, { severity });
    });
}

function openingsOf(type: string, value: ValueObject | null): Opening[] {
  if (value === null) return [];
  if (type === "aws_vpc_security_group_ingress_rule") return [opening(sourceOf(value), value.ip_protocol, value)];
  if (type === "aws_security_group_rule") {
    return value.type === "ingress" ? sourcesOf(value).map((source) => opening(source, value.protocol, value)) : [];
  }
  if (type !== "aws_security_group" || !isList(value.ingress ?? null)) return [];
  return (value.ingress as readonly Value[])
    .filter(isObject)
    .flatMap((rule) => sourcesOf(rule).map((source) => opening(source, rule.protocol, rule)));
}

function opening(source: string, protocol: Value | undefined, rule: ValueObject): Opening {
  const all = String(protocol) === "-1";
  const from = typeof rule.from_port === "number" && !all ? rule.from_port : 0;
  const to = typeof rule.to_port === "number" && !all ? rule.to_port : PORT_MAX;
  return { source, protocol: all ? "all" : String(protocol ?? "all"), fromPort: from, toPort: to };
}

function sourceOf(rule: ValueObject): string {
  const given = [rule.cidr_ipv4, rule.cidr_ipv6].find((range) => typeof range === "string");
  return typeof given === "string" ? given : "another group or list";
}

function sourcesOf(rule: ValueObject): string[] {
  const lists = [rule.cidr_blocks, rule.ipv6_cidr_blocks].flatMap((list) =>
    isList(list ?? null) ? (list as readonly Value[]) : [],
  );
  return lists.filter((range) => typeof range === "string");
}

function includes(wide: Opening, narrow: Opening): boolean {
  return (
    containsRange(wide.source, narrow.source) &&
    (wide.protocol === "all" || wide.protocol === narrow.protocol) &&
    wide.fromPort <= narrow.fromPort &&
    wide.toPort >= narrow.toPort
  );
}

function portsText({ protocol, fromPort, toPort }: Opening): string {
  if (fromPort === 0 && toPort === PORT_MAX) return protocol === "all" ? "everything" : `every ${protocol} port`;
  return `${protocol} ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
}

const EXPOSURE: readonly Protection[] = [
  { path: "publicly_accessible", weaker: switchedOn, message: "it gets a public address" },
  { path: "map_public_ip_on_launch", weaker: switchedOn, message: "machines in the subnet get public addresses" },
  { path: "associate_public_ip_address", weaker: switchedOn, message: "it gets a public address" },
  { type: "aws_lb", path: "internal", weaker: switchedOff, message: "the load balancer faces the internet" },
  { type: "aws_eks_cluster", path: "vpc_config.endpoint_public_access", weaker: switchedOn, message: "the Kubernetes API can be reached from the internet" },
  { type: "aws_s3_bucket_public_access_block", path: "block_public_acls", weaker: switchedOff, message: "public ACLs are allowed" },
  { type: "aws_s3_bucket_public_access_block", path: "block_public_policy", weaker: switchedOff, message: "public bucket policies are allowed" },
  { type: "aws_s3_bucket_public_access_block", path: "ignore_public_acls", weaker: switchedOff, message: "public ACLs take effect" },
  { type: "aws_s3_bucket_public_access_block", path: "restrict_public_buckets", weaker: switchedOff, message: "a public policy takes effect" },
]; // biome-ignore format: one setting a line

function exposed(verdict: ChangedResource): Breach[] {
  const breaches = settings(verdict, EXPOSURE);
  if (verdict.config.type === "aws_s3_bucket_public_access_block" && verdict.action === "delete")
    breaches.push(breachOf(verdict, `${verdict.address} is destroyed: the bucket is no longer kept from being public`));
  if (verdict.config.type !== "aws_eks_cluster") return breaches;
  const ranges = pairsAt(verdict.before ?? {}, verdict.after ?? {}, ["vpc_config", "public_access_cidrs"]);
  const wider = ranges.filter(([before, after]) => isList(before) && isList(after) && isWider(before, after));
  return [
    ...breaches,
    ...wider.map(([, after]) =>
      breachOf(verdict, `the Kubernetes API is open to ${(after as readonly Value[]).join(", ")}`),
    ),
  ];
}

function isWider(before: readonly Value[], after: readonly Value[]): boolean {
  return after.some((range) => !before.some((other) => containsRange(String(other), String(range))));
}

const EDGE: readonly Protection[] = [
  { type: "aws_cloudfront_distribution", path: "viewer_certificate.minimum_protocol_version", weaker: left(["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"]), message: "viewers may use older TLS" },
  { type: "aws_cloudfront_distribution", path: "default_cache_behavior.viewer_protocol_policy", weaker: left(["https-only", "redirect-to-https"]), message: "viewers may use plain HTTP" },
  { type: "aws_cloudfront_distribution", path: "web_acl_id", weaker: removed, message: "there is no longer a firewall in front of it" },
  { type: "cloudflare_zone_setting", path: "value", weaker: left(["strict", "on", "1.2", "1.3", "zrt"]), message: "a zone setting is weakened" },
  { type: "cloudflare_dns_record", path: "proxied", weaker: switchedOff, message: "traffic bypasses Cloudflare and the origin's address is public" },
]; // biome-ignore format: one setting a line

function weakerEdge(verdict: ChangedResource): Breach[] {
  const gone =
    verdict.action === "delete" &&
    [
      "cloudflare_zone_dnssec",
      "cloudflare_authenticated_origin_pulls",
      "aws_wafv2_web_acl",
      "aws_wafv2_web_acl_association",
    ].includes(verdict.config.type);
  const setting = typeof verdict.after?.setting_id === "string" ? ` ${verdict.after.setting_id}` : "";
  const breaches = settings(verdict, EDGE).map((breach) => ({ ...breach, message: breach.message + setting }));
  return gone ? [...breaches, breachOf(verdict, `${verdict.address} is destroyed`)] : breaches;
}

function settings(verdict: ChangedResource, protections: readonly Protection[]): Breach[] {
  const { before, after, config } = verdict;
  if (after === null || verdict.action === "no-op" || (before === null && verdict.action !== "create")) return [];
  return protections
    .filter(({ type, path }) => (type === undefined || type === config.type) && path.split(".")[0]! in after)
    .filter(({ path, weaker }) =>
      pairsAt(before ?? absentLike(after), after, path.split(".")).some(([old, now]) => weaker(old, now)),
    )
    .map(({ path, message }) => breachOf(verdict, `${message} (${path})`));
}

/** Something new is compared with the safe setting: switched off. */
function absentLike(after: Value): Value {
  if (isList(after)) return after.map(absentLike);
  return isObject(after)
    ? Object.fromEntries(Object.entries(after).map(([name, value]) => [name, absentLike(value)]))
    : null;
}
