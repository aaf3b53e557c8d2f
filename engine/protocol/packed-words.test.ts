import { CommandType, OrderType, PROTOCOL_VERSION, SelfTradePrevention, Side, TimeInForce } from "./command";
import { RejectReason } from "./event";
import {
  detailOf,
  headerOf,
  orderTypeIn,
  preventionIn,
  reasonIn,
  sideIn,
  symbolIn,
  timeInForceIn,
  traitsIn,
  traitsOf,
  typeIn,
  versionIn,
} from "./packed-words";

/** Bytes of a word as they lie in a file: the smallest first. */
const bytesOf = (word: number): number[] => [...new Uint8Array(new Int32Array([word]).buffer)];

describe("packed words", () => {
  it("lie in the journal as the drawings say", () => {
    expect(bytesOf(headerOf(CommandType.Modify, 0xabcd))).toEqual([3, PROTOCOL_VERSION, 0xcd, 0xab]);
    const { Sell } = Side;
    const traits = traitsOf(Sell, OrderType.StopLimit, TimeInForce.FillOrKill, SelfTradePrevention.Decrement);
    expect(bytesOf(traits)).toEqual([1, 4, 3, 4]);
    expect(bytesOf(detailOf(RejectReason.StaleEpoch, traits))).toEqual([24, 1, 4, 3]);
  });

  it("are read as they were written, also where the highest bit is set", () => {
    const header = headerOf(CommandType.Epoch, 0xffff);
    expect([typeIn(header), versionIn(header), symbolIn(header)]).toEqual([10, PROTOCOL_VERSION, 0xffff]);
    const traits = new Int32Array([0xff_03_04_01])[0]!;
    expect([sideIn(traits), orderTypeIn(traits), timeInForceIn(traits), preventionIn(traits)]).toEqual([1, 4, 3, 0xff]);
    const detail = detailOf(RejectReason.InvalidField, new Int32Array([0x01_f3_04_01])[0]!);
    const told = traitsIn(detail);
    expect([reasonIn(detail), sideIn(told), orderTypeIn(told), timeInForceIn(told), preventionIn(told)]).toEqual([
      5, 1, 4, 0xf3, 0,
    ]);
  });
});
