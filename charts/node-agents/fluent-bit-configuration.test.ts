import { Names } from "../../vocabulary";
import { synthesizeManifests } from "../platform";
import { environmentNamed } from "../testing/every-site";
import { logGroupsOf } from "./log-groups";

const production = environmentNamed("production");
const objects = synthesizeManifests(production, "eu-west-1");
const { data } = objects.find(
  ({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "log-shipper",
) as unknown as {
  data: Record<string, string>;
};

describe("the log shipper's configuration", () => {
  it("sends every stream to the group that keeps it for as long as it has to be", () => {
    const outputs = data["fluent-bit.conf"]!.split("[OUTPUT]").slice(1);
    const groups = logGroupsOf(production, new Names("production", "eu-west-1"));
    expect(groups.map(({ retentionDays }) => retentionDays)).toEqual([2557, 365, 30]);
    expect(outputs).toHaveLength(groups.length);
    groups.forEach(({ stream, name }, index) => {
      expect(outputs[index]).toContain(`Match ${stream}.*`);
      expect(outputs[index]).toContain(`log_group_name ${name}\n`);
    });
  });

  it("gives up on no transaction", () => {
    const [transactions] = data["fluent-bit.conf"]!.split("[OUTPUT]").slice(1);
    expect(transactions).toContain("Retry_Limit no_limits");
  });

  it("finds namespace, pod and container in the name of a file", () => {
    const pattern = /Tag_Regex (.*)/.exec(data["fluent-bit.conf"]!)![1]!;
    const file = `engine-0_trading_engine-${"0a".repeat(32)}.log`;
    expect(new RegExp(pattern).exec(file)!.groups).toEqual({
      pod: "engine-0",
      namespace: "trading",
      container: "engine",
    });
  });
});
