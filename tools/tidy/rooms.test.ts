import { breach, ENGINE, type House, importsOf, isTestCode, placeOf, REPOSITORY, sourceFiles } from "./houses";

describe.each([
  ["the repository", REPOSITORY],
  ["the engine", ENGINE],
])("the rooms of %s", (_, house) => {
  it("import of each other only what the table allows", () => {
    const breaches = sourceFiles(house).flatMap((file) => importsOf(file).map((target) => breach(house, file, target)));
    expect(breaches.filter(Boolean)).toEqual([]);
  });

  it("have no way into another that nobody goes", () => {
    const used = usedWays(house);
    const allowed = Object.entries(house.rooms).flatMap(([room, { mayImport }]) =>
      mayImport === "all" ? [] : mayImport.map((other) => `${room} → ${other}`),
    );
    expect(allowed.filter((way) => !used.has(way))).toEqual([]);
  });

  it("are all of the folders that hold code", () => {
    const inside = sourceFiles(house).filter((file) => file.slice(house.folder.length).includes("/"));
    expect(inside.filter((file) => placeOf(house, file) === undefined)).toEqual([]);
  });
});

/** Of the engine without its tests, which go everywhere. */
function usedWays(house: House): ReadonlySet<string> {
  const files = sourceFiles(house).filter((file) => house.doors || !isTestCode(file));
  return new Set(
    files.flatMap((file) =>
      importsOf(file).map((target) => `${placeOf(house, file)?.room} → ${placeOf(house, target)?.room}`),
    ),
  );
}

describe("the rooms of the repository", () => {
  it.each([
    ["stacks/data.ts", "constructs/data/database", "open to stacks/ is constructs"],
    ["engine/book/book.ts", "environments", "engine/ may not import environments/"],
    ["packages/review/plan.ts", "packages/rehearsal", "packages/review/ may not import packages/rehearsal/"],
    ["charts/engine/engine.ts", "environments/testing/an-environment", "open to charts/ is environments"],
    ["charts/engine/engine.ts", "packages/testing", "charts/ may not import packages/testing/"],
  ])("find %s importing %s", (file, target, reason) => {
    expect(breach(REPOSITORY, file, target)).toContain(reason);
  });

  it.each([
    ["stacks/data.ts", "constructs"],
    ["charts/engine/engine.ts", "engine/configuration"],
    ["environments/rules/network.ts", "vocabulary"],
    ["packages/agreement/run-cases.ts", "packages/rehearsal"],
    ["charts/engine/engine.test.ts", "environments/testing"],
    ["charts/engine/engine.test.ts", "packages/testing"],
    ["test/gateway/probes.integration.test.ts", "charts/gateway/rate-limits"],
  ])("let %s import %s", (file, target) => {
    expect(breach(REPOSITORY, file, target)).toBeUndefined();
  });
});

describe("the rooms of the engine", () => {
  it("import only what stands above them in the table, so that no two lean on each other", () => {
    const order = Object.keys(ENGINE.rooms);
    const upwards = Object.entries(ENGINE.rooms).flatMap(([room, { mayImport }]) =>
      mayImport === "all" ? [] : mayImport.filter((other) => order.indexOf(other) >= order.indexOf(room)),
    );
    expect(upwards).toEqual([]);
  });

  it.each([
    ["engine/entry/order-entry.ts", "engine/http/context", "entry may not import http"],
    ["engine/model/views/views.ts", "engine/entry/tickets", "model may not import entry"],
    ["engine/web-socket/hub.ts", "engine/http/guard", "web-socket may not import http"],
    ["engine/matching/core.ts", "engine/journal/format", "core may not import durability"],
    ["engine/book/order-store.ts", "engine/matching/core", "book/ stands before matching/"],
    ["engine/replication/leader.ts", "engine/threads/engine", "replication/ stands before threads/"],
    ["engine/service/service.ts", "engine", "service may not import index"],
    ["engine/service/service.ts", "engine/testing/service-fixture", "there for tests"],
    ["engine/threads/engine.ts", "engine/threads/engine-fixture", "there for tests"],
    ["engine/http/screen.ts", "engine/bench/machine", "http may not import proof"],
  ])("find %s importing %s", (file, target, reason) => {
    expect(breach(ENGINE, file, target)).toContain(reason);
  });

  it.each([
    ["engine/http/guard.ts", "engine/access/access"],
    ["engine/matching/core.ts", "engine/book/order-store"],
    ["engine/service/commands/main.ts", "engine/threads/pinning"],
    ["engine/model/views/views.test.ts", "engine/testing/in-process-engine"],
    ["engine/threads/engine.test.ts", "engine"],
    ["engine/bench/service/subject.ts", "engine/service/service"],
  ])("let %s import %s", (file, target) => {
    expect(breach(ENGINE, file, target)).toBeUndefined();
  });
});
