import { until } from "@hft/testing";
import { openEngine } from "..";
import type { EngineConfigurationInput } from "../configuration";
import { freePort } from "../threads/free-port";
import { ServiceFixture } from "./service-fixture";

/** Both engines of a partition, real ones with their threads and disks, the standby attached. */
export async function startPair(roles: "told" | "by place" = "told", more: EngineConfigurationInput = {}) {
  const ports = [await freePort(), await freePort()] as const;
  const members = ports.map((port) => `127.0.0.1:${port}`);
  const start = (role: "active" | "standby", place: 0 | 1): Promise<ServiceFixture> => {
    const common = { listenPort: ports[place], timeoutMs: 1_000 };
    const input =
      roles === "told"
        ? { role, replication: { ...common, peer: members[1 - place]! } }
        : { role: "ordinal" as const, replication: { ...common, members } };
    return ServiceFixture.start({ ...more, ...input }, openEngine, place);
  };
  const standby = await start("standby", 1);
  const active = await start("active", 0);
  await until(async () => (await health(active)).replication === "attached");
  return { active, standby };
}

export const health = async (engine: ServiceFixture) => (await engine.call("GET", "/health")).body;
