import fc from "fast-check";
import { Names } from "../../vocabulary";
import { Synthesized } from "../testing/synthesized";
import { Firewall, Peer } from "./firewall";

const names = new Names("production", "eu-west-1");
const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";

function firewall(open: (firewall: Firewall) => void = () => {}): Synthesized {
  return Synthesized.of((scope) => {
    open(new Firewall(scope, "firewall", { names, name: "database", description: "PostgreSQL", vpcId: "vpc-1" }));
  });
}

describe("Firewall", () => {
  it("starts closed both ways", () => {
    const closed = firewall();
    expect(closed.types()).toEqual(["aws_security_group"]);
    expect(closed.the("aws_security_group")).not.toHaveProperty("ingress");
    expect(closed.the("aws_security_group")).not.toHaveProperty("egress");
  });

  it("opens one port to one group, and says so", () => {
    const rule = firewall((wall) => wall.allowFrom(Peer.group("nodes", "sg-nodes"), 5432, "PostgreSQL")).the(INGRESS);
    expect(rule).toMatchObject({
      referenced_security_group_id: "sg-nodes",
      ip_protocol: "tcp",
      from_port: 5432,
      to_port: 5432,
      description: "PostgreSQL from nodes",
    });
    expect(rule).not.toHaveProperty("cidr_ipv4");
  });

  it("lets nobody in whom it only lets out to", () => {
    const opened = firewall((wall) => wall.allowTo(Peer.range("site", "10.9.0.0/16"), [8000, 8010], "Feed"));
    expect(opened.all(INGRESS)).toEqual([]);
    expect(opened.the(EGRESS)).toMatchObject({ cidr_ipv4: "10.9.0.0/16", from_port: 8000, to_port: 8010 });
  });

  it("makes exactly the openings that were asked for", () => {
    const openings = fc.uniqueArray(
      fc.record({ peer: fc.stringMatching(/^[a-z]{3,8}$/), port: fc.integer({ min: 1, max: 65_535 }) }),
      { maxLength: 6, selector: ({ peer, port }) => `${peer}-${port}` },
    );
    fc.assert(
      fc.property(openings, (wanted) => {
        const opened = firewall((wall) => {
          for (const { peer, port } of wanted) wall.allowFrom(Peer.group(peer, `sg-${peer}`), port, "it");
        });
        const made = opened.all(INGRESS).map((rule) => `${rule.referenced_security_group_id}-${rule.to_port}`);
        expect(made.sort()).toEqual(wanted.map(({ peer, port }) => `sg-${peer}-${port}`).sort());
      }),
      { numRuns: 25 },
    );
  });
});
