import {
  type ImageState,
  imageState,
  PREVIOUS_IMAGE,
  RELEASED,
  replicasOf,
  restoreImage,
  setImage,
  statefulSet,
} from "./pod-sets";
import { type ReleasePlan, type ReleaseSite, type ReleaseStep, untilReady, watch } from "./release";

const ENGINE = RELEASED.engine;
const REF = statefulSet(ENGINE);
/** The standby has to have nearly everything before it takes over. */
const LAG_SECONDS_MAX = 1;
const POLL_MS = 2_000;
const HANDOVER_TIMEOUT_MS = 60_000;

/**
 * Engines one by one, the highest ordinal first: it replays the journal with the new image and catches up; then the
 * partition moves down, the next engine drains, hands over and comes back as the standby. At each point one engine
 * takes orders.
 */
export function engineRelease(image: string, engines: number): ReleasePlan {
  const ordinals = Array.from({ length: engines }, (_, index) => engines - 1 - index);
  return {
    title: "release of the engine by partition",
    steps: [holdAll(image, engines), ...ordinals.map(renew), { title: "watch all engines", act: watch }],
  };
}

/** The engine's image before the last release, in the same careful order. */
export function engineRollback(previous: string, engines: number): ReleasePlan {
  return { ...engineRelease(previous, engines), title: "rollback of the engine by partition" };
}

/** Image that the engine had before its last release. */
export async function previousEngineImage({ cluster }: ReleaseSite): Promise<{ image: string; engines: number }> {
  const object = await cluster.get(REF);
  const image = object.metadata.annotations?.[PREVIOUS_IMAGE];
  if (!image) throw new Error("no previous release of the engine is recorded; give --image instead");
  return { image, engines: replicasOf(object) };
}

const partition = (value: number) => ({ spec: { updateStrategy: { rollingUpdate: { partition: value } } } });

/** The new image is written down with no engine allowed to take it yet. */
function holdAll(image: string, engines: number): ReleaseStep {
  let before: ImageState | undefined;
  return {
    title: "set the new image without restarting an engine",
    act: async ({ cluster, signals }) => {
      const active = await signals.activeEngines();
      if (active !== 1) throw new Error(`${active} engines are active; a release needs exactly one`);
      before = await imageState(cluster, REF, ENGINE);
      await cluster.patch(REF, partition(engines));
      await setImage(cluster, REF, ENGINE, image);
    },
    undo: async (site) => {
      // Every engine that has the new image goes back; the others have the old one already.
      if (before) await restoreImage(site.cluster, REF, ENGINE, before);
      await site.cluster.patch(REF, partition(0));
      await untilReady(site, REF, { watched: false });
    },
  };
}

function renew(ordinal: number): ReleaseStep {
  return {
    title: `restart engine ${ordinal}: it drains, hands over, and returns as the standby`,
    act: async (site) => {
      if (ordinal === 0) await untilCaughtUp(site);
      await site.cluster.patch(REF, partition(ordinal));
      await untilReady(site, REF, { heldBack: ordinal });
      await untilOneActive(site);
    },
  };
}

async function untilCaughtUp(site: ReleaseSite): Promise<void> {
  await until(site, `the standby is more than ${LAG_SECONDS_MAX} s behind`, async () => {
    return (await site.signals.standbyLagSeconds()) <= LAG_SECONDS_MAX;
  });
}

async function untilOneActive(site: ReleaseSite): Promise<void> {
  await until(site, "not exactly one engine is active", async () => (await site.signals.activeEngines()) === 1);
}

async function until(site: ReleaseSite, otherwise: string, holds: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; waitedMs <= HANDOVER_TIMEOUT_MS; waitedMs += POLL_MS) {
    if (await holds()) return;
    await site.wait(POLL_MS);
  }
  throw new Error(`${otherwise} after ${HANDOVER_TIMEOUT_MS / 1000} s`);
}
