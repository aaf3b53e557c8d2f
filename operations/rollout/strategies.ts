import { SERVING, TRACK } from "../../charts";
import {
  deployment,
  type ImageState,
  imageState,
  PREVIOUS_IMAGE,
  type Released,
  replicasOf,
  restoreImage,
  secondSet,
  service,
  setImage,
  type Track,
  trackRef,
} from "./pod-sets";
import { type ReleasePlan, type ReleaseSite, type ReleaseStep, untilReady, watch } from "./release";

/** Replaces pods a few at a time, as the Deployment's own strategy says. */
export function rolling(released: Released, image: string): ReleasePlan {
  return { title: `rolling release of ${released.name}`, steps: [replaceStable(released, image), observe("all pods")] };
}

/** A tenth, a half, then all requests go to the new image; each share is watched before it grows. */
export function canary(released: Released, image: string): ReleasePlan {
  return {
    title: `canary release of ${released.name}`,
    steps: [
      addSet(released, "canary", image, 0.1),
      observe("a tenth of the requests"),
      growCanary(released, 0.5),
      observe("half of the requests"),
      replaceStable(released, image),
      observe("all requests"),
      removeSet(released, "canary"),
    ],
  };
}

/** A second, whole set is made ready aside; then all requests move at once, and can move back at once. */
export function blueGreen(released: Released, image: string): ReleasePlan {
  return {
    title: `blue-green release of ${released.name}`,
    steps: [
      addSet(released, "green", image, 1),
      pointAt(released, "green"),
      observe("all requests on green"),
      replaceStable(released, image),
      pointAt(released, "stable"),
      observe("all requests on the stable set"),
      removeSet(released, "green"),
    ],
  };
}

/** Back to the image before the last release. */
export function rollback(released: Released): ReleasePlan {
  return {
    title: `rollback of ${released.name}`,
    steps: [
      {
        title: "restore the image before the last release",
        act: async (site) => {
          const object = await site.cluster.get(deployment(released));
          const previous = object.metadata.annotations?.[PREVIOUS_IMAGE];
          if (!previous) throw new Error(`${released.name} has no recorded previous release; give --image instead`);
          for (const track of ["canary", "green"] as const) await site.cluster.remove(trackRef(released, track));
          await pointService(site, released, "stable");
          await setImage(site.cluster, deployment(released), released, previous);
          // Requests may fail until it is done: that is why somebody rolls back.
          await untilReady(site, deployment(released), { watched: false });
        },
      },
    ],
  };
}

function replaceStable(released: Released, image: string): ReleaseStep {
  const ref = deployment(released);
  let before: ImageState | undefined;
  return {
    title: `replace the pods of ${released.name}`,
    act: async (site) => {
      before = await imageState(site.cluster, ref, released);
      await setImage(site.cluster, ref, released, image);
      await untilReady(site, ref);
    },
    undo: async (site) => {
      if (!before) return;
      await restoreImage(site.cluster, ref, released, before);
      await untilReady(site, ref, { watched: false });
    },
  };
}

/** Pods of a canary that make up a share of all pods that serve. */
export function canaryReplicas(stable: number, share: number): number {
  return Math.max(1, Math.floor((stable * share) / (1 - share)));
}

function addSet(released: Released, track: Track, image: string, share: number): ReleaseStep {
  return {
    title: `add a ${track} set of ${released.name}`,
    act: async (site) => {
      const stable = await site.cluster.get(deployment(released));
      const replicas = share < 1 ? canaryReplicas(replicasOf(stable), share) : replicasOf(stable);
      await site.cluster.apply(secondSet(stable, released, track, image, replicas));
      await untilReady(site, trackRef(released, track));
    },
    undo: (site) => site.cluster.remove(trackRef(released, track)),
  };
}

function growCanary(released: Released, share: number): ReleaseStep {
  return {
    title: `grow the canary of ${released.name} to ${share * 100} %`,
    act: async (site) => {
      const stable = await site.cluster.get(deployment(released));
      const replicas = canaryReplicas(replicasOf(stable), share);
      await site.cluster.patch(trackRef(released, "canary"), { spec: { replicas } });
      await untilReady(site, trackRef(released, "canary"));
    },
  };
}

function removeSet(released: Released, track: Track): ReleaseStep {
  return {
    title: `remove the ${track} set of ${released.name}`,
    act: (site) => site.cluster.remove(trackRef(released, track)),
  };
}

const observe = (what: string): ReleaseStep => ({ title: `watch ${what}`, act: watch });

function pointAt(released: Released, track: "green" | "stable"): ReleaseStep {
  return {
    title: `point ${released.name} at the ${track} set`,
    act: (site) => pointService(site, released, track),
    undo: (site) => pointService(site, released, track === "green" ? "stable" : "green"),
  };
}

async function pointService(site: ReleaseSite, released: Released, track: "green" | "stable"): Promise<void> {
  const selector = track === "green" ? { [TRACK]: "green", [SERVING]: null } : { [TRACK]: null, [SERVING]: "yes" };
  await site.cluster.patch(service(released), { spec: { selector } });
}
