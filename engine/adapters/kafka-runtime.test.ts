import { readFileSync } from "node:fs";
import { checkConfiguration } from "../configuration";
import { KafkaConnection } from "./kafka";
import { assertKafkaRuns } from "./kafka-runtime";

/** Of the package that is installed: what its authors say, not we. */
const { engines } = JSON.parse(
  readFileSync(require.resolve("@platformatic/kafka").replace(/dist.*/, "package.json"), "utf8"),
);

describe("the Kafka client", () => {
  it("is refused by name on a Node that its package does not run on", () => {
    expect(engines.node).toBe(">= 22.22.0 || >= 24.6.0");
    expect(() => assertKafkaRuns("22.22.0")).not.toThrow();
    expect(() => assertKafkaRuns("24.6.0")).not.toThrow();
    expect(() => assertKafkaRuns("22.21.9")).toThrow("needs Node 22.22 or later, this is Node 22.21.9");
    expect(() => assertKafkaRuns("20.20.2")).toThrow("needs Node 22.22 or later, this is Node 20.20.2");
  });

  it("opens and closes without a broker, or says on what Node it would", async () => {
    const { kafka } = checkConfiguration({ kafka: { kind: "kafka", brokers: ["127.0.0.1:1"] } });
    const closed = KafkaConnection.open(kafka, 0, "here").then((connection) => connection.close());
    const topics = KafkaConnection.ensureTopics(kafka, 0, "here");
    if (typeof Promise.withResolvers === "function") {
      await closed;
      await expect(topics).rejects.toThrow(/topics are not known|ECONNREFUSED/);
    } else {
      await expect(closed).rejects.toThrow("needs Node 22.22 or later");
      await expect(topics).rejects.toThrow("needs Node 22.22 or later");
    }
  });
});
