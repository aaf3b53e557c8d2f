import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs } from "../environments";
import { synthesize } from "./synthesis/synthesize";
import type { TerraformBlock } from "./synthesis/synthesized";

jest.setTimeout(60_000);

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
