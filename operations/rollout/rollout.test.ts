import fc from "fast-check";
import { synthesizeManifests } from "../../charts";
import { environmentNamed } from "../../charts/testing/every-site";
import { engineRelease } from "./engine-release";
import { imageOf, PREVIOUS_IMAGE, RELEASED, type Released } from "./pod-sets";
import { type ReleasePlan, type ReleaseSite, ReleaseStopped, release } from "./release";
import { type Defect, SimulatedCluster } from "./simulated-cluster";
import { blueGreen, canary, canaryReplicas, rollback, rolling } from "./strategies";

const NEW_IMAGE = `registry.example.com/new@sha256:${"b".repeat(64)}`;
/** One region, so that two engines stand side by side. */
const manifests = synthesizeManifests(environmentNamed("hybrid"), "eu-west-2");
const STRATEGIES = { rolling, canary, "blue-green": blueGreen } as const;
const PODS = 6;

/** The workload's own manifests, with the replicas that an autoscaler has given it. */
function liveObjects({ namespace, name }: Released) {
  return manifests
    .filter(
      ({ kind, metadata }) =>
        ["Deployment", "StatefulSet", "Service"].includes(kind) &&
        metadata.namespace === namespace &&
        metadata.name === name,
    )
    .map((object) =>
      object.kind === "Deployment" ? { ...object, spec: { ...(object.spec as object), replicas: PODS } } : object,
    );
}

function setUp(released: Released, defect: Defect = "none") {
  const cluster = new SimulatedCluster(liveObjects(released), released.container, released.name, (image) =>
    image === NEW_IMAGE ? defect : "none",
  );
  const lines: string[] = [];
  const site: ReleaseSite = {
    cluster,
    signals: cluster,
    wait: cluster.tick,
    report: (line) => lines.push(line),
    holdMs: 30_000,
    readyTimeoutMs: 300_000,
  };
  return {
    cluster,
    site,
    lines,
    before: [...cluster.objects.entries()].map(([key, value]) => [key, structuredClone(value)] as const),
  };
}

const workloads = [RELEASED.gateway, RELEASED.frontend] as const;
const everyWay = workloads.flatMap((released) =>
  Object.entries(STRATEGIES).map(([name, strategy]) => [name, released.name, released, strategy] as const),
);

describe.each(everyWay)("a %s release of %s", (name, _, released, strategy) => {
  it("ends with the new image everywhere, and nothing left over", async () => {
    const { cluster, site, before } = setUp(released);
    await release(strategy(released, NEW_IMAGE), site);
    const after = await cluster.get({ kind: "Deployment", ...released });
    expect(imageOf(after, released)).toBe(NEW_IMAGE);
    expect([...cluster.objects.keys()]).toEqual(before.map(([key]) => key));
    expect(cluster.objects.get(`Service/${released.namespace}/${released.name}`)).toEqual(
      before.find(([key]) => key.startsWith("Service"))![1],
    );
    expect(cluster.fewestServing).toBeGreaterThanOrEqual(PODS);
  });

  it("stops by itself when requests fail, and leaves everything as it was", async () => {
    const { cluster, site, before } = setUp(released, "fails requests");
    await expect(release(strategy(released, NEW_IMAGE), site)).rejects.toThrow(
      /of the requests fail, 0.1 % are allowed/,
    );
    expect([...cluster.objects.entries()]).toEqual(before);
    expect(await cluster.errorShare()).toBe(0);
    // Rolling and canary expose one pod of seven at first; blue-green exposes all, and takes all back.
    expect(cluster.worstErrorShare).toBeLessThanOrEqual(name === "blue-green" ? 1 : 1 / (PODS + 1) + 0.001);
  });

  it("stops when the new pods do not become ready, before a single request has failed", async () => {
    const { cluster, site, before } = setUp(released, "never ready");
    await expect(release(strategy(released, NEW_IMAGE), site)).rejects.toThrow(/not ready after 300 s/);
    expect([...cluster.objects.entries()]).toEqual(before);
    expect(cluster.worstErrorShare).toBe(0);
    expect(cluster.fewestServing).toBeGreaterThanOrEqual(PODS - 1);
  });

  it("does not go on when nobody can see whether requests fail", async () => {
    const { cluster, site, before } = setUp(released);
    const blind = {
      ...site,
      signals: { ...unseen, errorShare: () => Promise.reject(new Error("Prometheus does not answer")) },
    };
    await expect(release(strategy(released, NEW_IMAGE), blind)).rejects.toThrow(ReleaseStopped);
    expect([...cluster.objects.entries()]).toEqual(before);
  });

  it("can be taken back by one command", async () => {
    const { cluster, site } = setUp(released);
    const first = imageOf(await cluster.get({ kind: "Deployment", ...released }), released);
    await release(strategy(released, NEW_IMAGE), site);
    await release(rollback(released), site);
    const after = await cluster.get({ kind: "Deployment", ...released });
    expect({ image: imageOf(after, released), previous: after.metadata.annotations?.[PREVIOUS_IMAGE] }).toEqual({
      image: first,
      previous: NEW_IMAGE,
    });
  });
});

const unseen = { activeEngines: async () => 1, standbyLagSeconds: async () => 0 };

describe("a release that is interrupted anywhere", () => {
  it("leaves the old image serving and no second set", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...everyWay),
        fc.nat({ max: 60 }),
        async ([, , released, strategy], failingTick) => {
          const { cluster, site, before } = setUp(released);
          let ticks = 0;
          const flaky = {
            ...unseen,
            errorShare: async () => (++ticks > failingTick ? 0.5 : 0),
          };
          const plan = strategy(released, NEW_IMAGE);
          const outcome = await release(plan, { ...site, signals: flaky }).then(
            () => "done",
            () => "stopped",
          );
          if (outcome === "done") return;
          expect([...cluster.objects.entries()]).toEqual(before);
          expect(cluster.fewestServing).toBeGreaterThanOrEqual(PODS - 1);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("a canary", () => {
  it.each([
    [9, 0.1, 1],
    [20, 0.1, 2],
    [6, 0.5, 6],
    [1, 0.1, 1],
  ])("of %i pods gets its share of %d with %i pods", (stable, share, expected) => {
    expect(canaryReplicas(stable, share)).toBe(expected);
  });
});

describe("a rollback", () => {
  it("is refused when there is nothing to go back to", async () => {
    const { site } = setUp(RELEASED.frontend);
    await expect(release(rollback(RELEASED.frontend), site)).rejects.toThrow(/no recorded previous release/);
  });
});

describe("a release of the engine", () => {
  const engines = 2;
  const plan = (): ReleasePlan => engineRelease(NEW_IMAGE, engines);

  it("renews the standby first, hands over, and never has two active engines", async () => {
    const { cluster, site } = setUp(RELEASED.engine);
    await release(plan(), site);
    expect(await cluster.progress({ kind: "StatefulSet", ...RELEASED.engine })).toMatchObject({ updated: 2, ready: 2 });
    expect({ handovers: cluster.handovers, most: cluster.mostActive }).toEqual({ handovers: 1, most: 1 });
  });

  it("stops at the standby when the new image does not start, and the active engine never notices", async () => {
    const { cluster, site } = setUp(RELEASED.engine, "never ready");
    const before = await cluster.get({ kind: "StatefulSet", ...RELEASED.engine });
    await expect(release(plan(), site)).rejects.toThrow(/restart engine 1/);
    expect((await cluster.get({ kind: "StatefulSet", ...RELEASED.engine })).spec).toEqual(before.spec);
    expect({ handovers: cluster.handovers, active: await cluster.activeEngines() }).toEqual({
      handovers: 0,
      active: 1,
    });
    expect(await cluster.progress({ kind: "StatefulSet", ...RELEASED.engine })).toMatchObject({ updated: 2, ready: 2 });
  });

  it("does not hand over to a standby that is behind", async () => {
    const { cluster, site } = setUp(RELEASED.engine);
    const signals = { ...unseen, errorShare: async () => 0, standbyLagSeconds: async () => 5 };
    await expect(release(plan(), { ...site, signals })).rejects.toThrow(/more than 1 s behind/);
    expect(cluster.handovers).toBe(0);
  });

  it("does not begin without exactly one active engine", async () => {
    const { cluster, site } = setUp(RELEASED.engine);
    const before = [...cluster.objects.values()].map((object) => structuredClone(object));
    const signals = { ...unseen, errorShare: async () => 0, activeEngines: async () => 2 };
    await expect(release(plan(), { ...site, signals })).rejects.toThrow(/2 engines are active/);
    expect([...cluster.objects.values()].map(({ spec }) => spec)).toEqual(before.map(({ spec }) => spec));
  });
});
