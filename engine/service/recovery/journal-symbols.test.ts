import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkConfiguration, type EngineConfiguration } from "../../configuration";
import { keepSymbols } from "./journal-symbols";

describe("symbols of a journal", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "hft-symbols-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const [btc, eth] = checkConfiguration({}).symbols as [
    EngineConfiguration["symbols"][number],
    EngineConfiguration["symbols"][number],
  ];
  const sol = { ...btc, name: "SOLUSD" };
  const keep = (...symbols: EngineConfiguration["symbols"]) =>
    keepSymbols(checkConfiguration({ symbols, journal: { directory: join(directory, "journal") } }));

  it("may get new ones at their end, and other limits", () => {
    keep(btc, eth);
    keep({ ...btc, maxOrderLots: 7 }, eth);
    expect(() => keep(btc, eth, sol)).not.toThrow();
  });

  it.each<[string, EngineConfiguration["symbols"]]>([
    ["another order", [eth, btc]],
    ["one that is gone", [btc]],
    ["another tick size", [{ ...btc, tickSize: "0.1" }, eth]],
  ])("keep their meaning: %s is refused", (_what, symbols) => {
    keep(btc, eth);
    expect(() => keep(...symbols)).toThrow(/symbols\.[01] is .*the journal in .* was written with/);
    expect(() => keep(btc, eth)).not.toThrow();
  });
});
