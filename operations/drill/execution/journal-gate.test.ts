import { type EngineFacts, journalFollows } from "./journal-gate";

const RPO_SECONDS = 60;
const active = (changes: Partial<EngineFacts> = {}): EngineFacts => ({
  region: "a",
  role: "active",
  epoch: 1,
  sequence: 20_005,
  standby: "attached",
  lagSeconds: 0.01,
  ...changes,
});
const standby = (changes: Partial<EngineFacts> = {}): EngineFacts => ({
  region: "b",
  role: "standby",
  epoch: 1,
  sequence: 20_005,
  ...changes,
});
const SILENT: EngineFacts = { region: "a", role: "silent" };
const holds = (from: EngineFacts, to: EngineFacts) => journalFollows(from, to, RPO_SECONDS).holds;

describe("whether a standby may go on in the place of the active engine", () => {
  it("is so while it is attached: nothing is acknowledged without it", () => {
    expect(holds(active(), standby({ sequence: 20_001 }))).toBe(true);
  });

  it("is not so while it catches up or is absent, however small the lag", () => {
    for (const state of ["catching-up", "absent"] as const) {
      expect(holds(active({ standby: state, lagSeconds: 0 }), standby())).toBe(false);
    }
  });

  it("is not so when the lag is above what may be lost, or unknown", () => {
    expect(holds(active({ lagSeconds: 61 }), standby())).toBe(false);
    expect(holds(active({ lagSeconds: undefined }), standby())).toBe(false);
  });

  it("is not so in different epochs, or when the other one does not stand by", () => {
    expect(holds(active({ epoch: 2 }), standby())).toBe(false);
    expect(holds(active(), standby({ role: "fenced" }))).toBe(false);
  });

  it("is so, once the leader is fenced, only when both journals end with the same command", () => {
    expect(holds(active({ role: "fenced", standby: undefined }), standby())).toBe(true);
    expect(holds(active({ role: "fenced", standby: undefined }), standby({ sequence: 20_004 }))).toBe(false);
    expect(holds(SILENT, standby({ leaderEndedAt: 20_005 }))).toBe(true);
    expect(holds(SILENT, standby({ leaderEndedAt: 20_006 }))).toBe(false);
  });

  it("is unknown, and so is not so, when a leader is silent that did not say where it ended", () => {
    expect(holds(SILENT, standby())).toBe(false);
  });
});
