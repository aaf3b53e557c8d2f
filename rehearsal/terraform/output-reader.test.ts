import type { ProgressEvent } from "./deployment";
import { OutputReader } from "./output-reader";

/** As cdktf 0.21 prints with CI=true. */
const OUTPUT = `
sample-network  Initializing the backend...
sample-network  aws_vpc.vpc (vpc): Creating...
                aws_vpc.vpc (vpc): Creation complete after 0s [id=vpc-1]
                aws_subnet.a (a): Creating...
sample-data  aws_db_instance.orders (orders): Creating...
sample-network  Apply complete! Resources: 2 added, 0 changed, 0 destroyed.
sample-data  Error: creating RDS Instance: DBInstanceAlreadyExists: DB instance already exists

               with aws_db_instance.orders (orders),
               on cdk.tf.json line 12
`;

describe("the reader of cdktf's output", () => {
  const events: ProgressEvent[] = [];
  const reader = new OutputReader(["sample-network", "sample-data", "sample-edge"], (event) => events.push(event));
  for (const line of OUTPUT.split("\n")) reader.read(line);

  it("knows which stack a line belongs to", () => {
    const seen = events.filter(({ kind }) => kind !== "text").map(({ stack, kind, address }) => [stack, kind, address]);
    expect(seen).toEqual([
      ["sample-network", "resource-started", "aws_vpc.vpc (vpc)"],
      ["sample-network", "resource-done", "aws_vpc.vpc (vpc)"],
      ["sample-network", "resource-started", "aws_subnet.a (a)"],
      ["sample-data", "resource-started", "aws_db_instance.orders (orders)"],
      ["sample-network", "stack-done", undefined],
      ["sample-data", "error", undefined],
    ]);
  });

  it("keeps an error with its explanation", () => {
    expect([...reader.failed]).toEqual(["sample-data"]);
    expect(reader.errors).toEqual([
      "sample-data: creating RDS Instance: DBInstanceAlreadyExists: DB instance already exists\n" +
        "with aws_db_instance.orders (orders),\non cdk.tf.json line 12",
    ]);
  });

  it("tells stacks that were worked on from those that were only initialized", () => {
    expect([...reader.started]).toEqual(["sample-network", "sample-data"]);
  });
});
