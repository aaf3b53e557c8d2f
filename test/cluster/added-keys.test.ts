import { addedKeys } from "./added-keys";

describe("keys that a server adds", () => {
  it("are found in maps of any keys, at any depth", () => {
    const sent = { spec: { template: { metadata: { labels: { app: "sample" } } } } };
    const stored = { spec: { template: { metadata: { labels: { app: "sample", "job-name": "sample" } } } } };
    expect(addedKeys(sent, stored)).toEqual(["spec.template.metadata.labels.job-name"]);
  });

  it("are found in objects of lists", () => {
    const limits = { cpu: "1" };
    const sent = { containers: [{ resources: { limits } }] };
    const stored = { containers: [{ resources: { limits: { ...limits, memory: "1Gi" } } }] };
    expect(addedKeys(sent, stored)).toEqual(["containers.0.resources.limits.memory"]);
  });

  it("are defaults where a field has its name in the schema, or where the map itself was not sent", () => {
    const sent = { spec: { replicas: 1 } };
    const stored = { metadata: { labels: { added: "x" } }, spec: { replicas: 1, revisionHistoryLimit: 10 } };
    expect(addedKeys(sent, stored)).toEqual([]);
  });
});
