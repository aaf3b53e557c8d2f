import type { ProgressEvent } from "./deployment";
import { errorsIn } from "./error-log";
import { OutputReader } from "./output-reader";

/** As cdktf 0.21 prints with CI=true. */
const OUTPUT = `
sample-network  Initializing the backend...
sample-network  aws_vpc.vpc (vpc): Creating...
                aws_vpc.vpc (vpc): Creation complete after 0s [id=vpc-1]
                aws_subnet.a (a): Creating...
sample-data  aws_db_instance.orders (orders): Creating...
sample-network  Apply complete! Resources: 2 added, 0 changed, 0 destroyed.
sample-edge  Initializing the backend...
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
    ]);
  });
});

describe("Terraform's errors", () => {
  const LOG = [
    "Warning: Deprecated attribute",
    "",
    "Error: creating RDS Instance: DB instance already exists",
    "",
    "  with aws_db_instance.orders (orders),",
    "  on cdk.tf.json line 12",
    "",
    "Error: Instance cannot be destroyed",
    "",
    "Warning: Applied changes may be incomplete",
  ].join("\n");

  it("are read with their explanation and without the warnings between them", () => {
    expect(errorsIn(LOG)).toEqual([
      "creating RDS Instance: DB instance already exists\n  with aws_db_instance.orders (orders),\n  on cdk.tf.json line 12",
      "Instance cannot be destroyed",
    ]);
    expect(errorsIn("Warning: only this")).toEqual([]);
  });
});
