import { synthesizeManifests } from "../../charts";
import { laneEngines } from "../../constructs";
import { environmentInputs, loadEnvironments } from "../../environments";
import { HUGEPAGE_CONSUMERS_ANNOTATION, parseConsumers } from "../../vocabulary";
import { engineMemory, hugepagesOf } from "./engine-memory";
import { withStandIns } from "./stand-ins";

const environments = loadEnvironments(environmentInputs);

describe("the huge pages of every environment", () => {
  it.each(environments.map((environment) => [environment.name, environment] as const))(
    "hold what the engine of %s really allocates",
    (_, environment) => {
      const objects = synthesizeManifests(environment, environment.activeRegion);
      const [engine] = laneEngines(objects);
      const consumers = parseConsumers(String(engine!.annotations[HUGEPAGE_CONSUMERS_ANNOTATION]))!;
      const pagesOf = (name: string) => consumers.find((consumer) => consumer.name === name)!.pages;
      const configMap = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "engine")!;
      const file = JSON.parse((configMap.data as Record<string, string>)["engine.json"]!);
      const { ringBytes, stateBytes } = engineMemory(withStandIns(file));
      expect(hugepagesOf(ringBytes)).toBeLessThanOrEqual(pagesOf("thread rings"));
      expect(hugepagesOf(stateBytes)).toBeLessThanOrEqual(pagesOf("order books"));
      expect(hugepagesOf(stateBytes)).toBeLessThanOrEqual(pagesOf("follower's books"));
      const segmentPages = hugepagesOf([(file.journal.segmentMiB ?? 64) * 2 ** 20]);
      expect(segmentPages).toBeLessThanOrEqual(pagesOf("journal segments"));
    },
  );
});
