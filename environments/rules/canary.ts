import { type Rule, when } from "./rule";

/** What the canary account trades exists, and is nobody else's market where there are other people. */
export const canaryIsTraded: Rule = ({ canary, engine, stage }) => {
  const names = engine.symbols.map(({ name }) => name).join(", ");
  if (!canary) {
    return when(stage === "production", () => ({
      code: "HFT-CAN-001",
      field: "canary",
      fault: "missing in production, so the smoke test would trade in a real market",
      remedy:
        'name a symbol that nobody else trades, { symbol: "TESTUSD", quantity: "1" }, and list it under engine.symbols',
    }));
  }
  const traded = engine.symbols.find(({ name }) => name === canary.symbol);
  if (!traded) {
    return when(true, () => ({
      code: "HFT-CAN-002",
      field: "canary.symbol",
      fault: `${canary.symbol} is not traded`,
      remedy: `choose one of ${names}`,
    }));
  }
  const lots = lotsIn(canary.quantity, traded.lotSize);
  return when(lots === undefined || lots < 1n || lots > BigInt(traded.maxOrderLots), () => ({
    code: "HFT-CAN-003",
    field: "canary.quantity",
    fault: `${canary.quantity} is not an order of 1 to ${traded.maxOrderLots} lots of ${traded.lotSize} ${traded.name}`,
    remedy: `write ${traded.lotSize}`,
  }));
};

/** Whole lots, or undefined when something is left over. */
function lotsIn(quantity: string, lotSize: string): bigint | undefined {
  const places = Math.max(...[quantity, lotSize].map((decimal) => decimal.split(".")[1]?.length ?? 0));
  const [given, lot] = [quantity, lotSize].map((decimal) => {
    const [whole = "", fraction = ""] = decimal.split(".");
    return BigInt(whole + fraction.padEnd(places, "0"));
  }) as [bigint, bigint];
  return lot > 0n && given % lot === 0n ? given / lot : undefined;
}
