import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs } from "../environments";
import { synthesize } from "./synthesis/synthesize";
import type { TerraformBlock } from "./synthesis/synthesized";

const scratch = mkdtempSync(join(tmpdir(), "hft-replication-"));
const [production] = synthesize({ production: environmentInputs.production }, join(scratch, "cdktf.out"));
const { stacks, manifests, environment } = production!;
const jsonOf = new Map(stacks.map(({ name, json }) => [name, json]));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const all = (stack: string, type: string): TerraformBlock[] =>
  Object.values(jsonOf.get(`production-${stack}`)?.resource?.[type] ?? {});
const [west, central] = environment.regions as [(typeof environment.regions)[0], (typeof environment.regions)[0]];
const ways = [
  [west, central],
  [central, west],
] as const;

/** Address and port under which the engine of a region looks for its peer. */
function peerOf(region: string): string {
  const configuration = manifests
    .get(region)!
    .find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "engine");
  const file = (configuration as unknown as { data: Record<string, string> }).data["engine.json"]!;
  return JSON.parse(file).replication.peer;
}

describe.each(ways.map(([from, to]) => [from.name, to.name, from, to] as const))(
  "the way of the journal from %s to %s",
  (_, __, from, to) => {
    it("begins with a name that the other region's entrance has, and a port on which it listens", () => {
      const [record] = all(`${to.name}-network`, "aws_route53_record").filter(({ name }) =>
        String(name).startsWith("engine-"),
      );
      const listeners = all(`${to.name}-network`, "aws_lb_listener").map(({ port }) => port);
      expect(peerOf(from.name)).toBe(`${record!.name}:7400`);
      expect(listeners).toContain(7400);
    });

    it("is routed over the peering, there and back", () => {
      const routes = all("replication", "aws_route").filter(({ region }) => region === from.name);
      expect(routes.map((route) => route.destination_cidr_block)).toEqual(Array(from.zones.length + 1).fill(to.cidr));
    });

    it("is let in by the entrance for that region alone, and by the nodes for the entrance alone", () => {
      const openings = (stack: string) =>
        all(stack, "aws_vpc_security_group_ingress_rule").filter(({ from_port }) => from_port === 7400);
      expect(openings(`${to.name}-network`)).toMatchObject([{ cidr_ipv4: from.cidr, to_port: 7400 }]);
      expect(openings(`${to.name}-cluster`)).toMatchObject([
        { referenced_security_group_id: expect.stringContaining("engineFirewallId"), to_port: 7400 },
      ]);
    });

    it("ends at the engine's pod, which enters the entrance's target group by its name", () => {
      const names = all(`${to.name}-network`, "aws_lb_target_group").map(({ name }) => name);
      const binding = manifests
        .get(to.name)!
        .find(({ kind, metadata }) => kind === "TargetGroupBinding" && metadata.name === "engine-replication");
      expect(names).toContain((binding as unknown as { spec: { targetGroupName: string } }).spec.targetGroupName);
    });
  },
);

describe.each(ways.map(([from, to]) => [from.name, to.name, from, to] as const))(
  "the way of orders from the gateway of %s to the engine of %s",
  (_, __, from, to) => {
    const objectOf = (region: string, kind: string, name: string) =>
      manifests.get(region)!.find((object) => object.kind === kind && object.metadata.name === name) as never;
    const configuration = (objectOf(from.name, "ConfigMap", "gateway") as { data: Record<string, string> }).data;
    const [, host, port] = /server (engine-[a-z0-9-]+\.aws\.[^:]+):(\d+) .*backup/.exec(configuration["nginx.conf"]!)!;
    const openings = (stack: string) =>
      all(stack, "aws_vpc_security_group_ingress_rule").filter(({ from_port }) => String(from_port) === port);

    it("begins with a name that the other region's entrance has, and a port on which it listens", () => {
      expect(all(`${to.name}-network`, "aws_route53_record").map(({ name }) => name)).toContain(host);
      expect(all(`${to.name}-network`, "aws_lb_listener").map((listener) => String(listener.port))).toContain(port);
    });

    it("is let in by the entrance for that region alone, and by the nodes for the entrance alone", () => {
      expect(openings(`${to.name}-network`)).toMatchObject([{ cidr_ipv4: from.cidr, to_port: Number(port) }]);
      expect(openings(`${to.name}-cluster`)).toMatchObject([
        { referenced_security_group_id: expect.stringContaining("engineFirewallId"), to_port: Number(port) },
      ]);
    });

    it("is let out by the entrance into the network, on the port on which the pods listen", () => {
      const out = all(`${to.name}-network`, "aws_vpc_security_group_egress_rule");
      expect(out).toContainEqual(
        expect.objectContaining({ cidr_ipv4: to.cidr, from_port: Number(port), to_port: Number(port) }),
      );
    });

    it("ends at the engine's pod, which enters the listener's target group by its name and port", () => {
      const { spec } = objectOf(to.name, "TargetGroupBinding", "engine-api") as {
        spec: { targetGroupName: string; serviceRef: { port: number } };
      };
      const groups = jsonOf.get(`production-${to.name}-network`)!.resource!.aws_lb_target_group!;
      const [id, group] = Object.entries(groups).find(([, { name }]) => name === spec.targetGroupName)!;
      expect([String(group.port), String(spec.serviceRef.port)]).toEqual([port, port]);
      const listener = all(`${to.name}-network`, "aws_lb_listener").find((found) => String(found.port) === port)!;
      expect(JSON.stringify(listener.default_action)).toContain(`aws_lb_target_group.${id}.arn`);
    });
  },
);

describe("the stacks of a region", () => {
  it.each(environment.regions.map(({ name }) => [name]))("of %s read nothing in another region", (region) => {
    const own = [...jsonOf].filter(([name]) => name.startsWith(`production-${region}-`));
    const elsewhere = own.flatMap(([name, { data = {} }]) =>
      Object.values(data)
        .flatMap((blocks) => Object.values(blocks))
        .filter((block) => block.region !== undefined && block.region !== region)
        .map(() => name),
    );
    expect(own.length).toBe(5);
    expect(elsewhere).toEqual([]);
  });
});
