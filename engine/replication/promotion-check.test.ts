import { checkPromotion, type OwnPosition } from "./promotion-check";
import type { LeaderProgress } from "./wire";

const own: OwnPosition = { epoch: 1, durable: 100, leaderEnd: undefined };
const peer = (changes: Partial<LeaderProgress>): LeaderProgress => ({
  role: "active",
  epoch: 1,
  acknowledged: 100,
  attached: false,
  ...changes,
});
const planned = (mine: Partial<OwnPosition>, theirs?: LeaderProgress) => () =>
  checkPromotion({ ...own, ...mine }, theirs, "planned");

describe("the promotion of a standby", () => {
  it("goes on beside an active engine that acknowledges nothing without it", () => {
    expect(planned({ durable: 90 }, peer({ attached: true, acknowledged: 90 }))).not.toThrow();
  });

  it("is refused beside an active engine that acknowledges without it, with what is missing and what to do", () => {
    expect(planned({ durable: 5 }, peer({ acknowledged: 20_005 }))).toThrow(
      /20000 commands are missing here: 6 to 20005\); wait until it reports the standby as attached, or stop it first/,
    );
    // Equal at this moment is not enough: the next order is acknowledged there.
    expect(planned({}, peer({}))).toThrow(/command 100 is the newest on both sides/);
  });

  it("compares with a former leader that no longer takes orders", () => {
    expect(planned({}, peer({ role: "fenced" }))).not.toThrow();
    expect(planned({ durable: 99 }, peer({ role: "fenced" }))).toThrow(
      /the former active engine is fenced and has more/,
    );
  });

  it("leaves a peer of an older epoch out: what it has beyond is kept aside there", () => {
    expect(planned({ epoch: 2 }, peer({ role: "fenced", acknowledged: 500 }))).not.toThrow();
  });

  it("goes on without the peer when that has ended in good order and everything is here", () => {
    expect(planned({ leaderEnd: { epoch: 1, sequence: 100 } })).not.toThrow();
    expect(planned({ leaderEnd: { epoch: 1, sequence: 103 } })).toThrow(/3 commands are missing here: 101 to 103/);
  });

  it("is refused without the peer when that did not say where it ended, and says that a decision is needed", () => {
    expect(planned({})).toThrow(/decide that it is lost \(peer-lost\)/);
    expect(planned({ epoch: 2, leaderEnd: { epoch: 1, sequence: 100 } })).toThrow(/peer-lost/);
  });

  it("stays possible when a person decides that the peer is lost", () => {
    expect(() => checkPromotion(own, undefined, "peer-lost")).not.toThrow();
  });

  it("is refused nevertheless when the peer answers and has more", () => {
    const theirs = peer({ role: "failed", acknowledged: 101 });
    expect(() => checkPromotion(own, theirs, "peer-lost")).toThrow(/1 commands are missing here: 101 to 101/);
  });
});
