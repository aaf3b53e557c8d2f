import { CanaryStream } from "../canary-stream";
import { type SmokeStep, StepFault } from "../step";
import { symbolsAreTraded } from "./reachable";

export const streamIsOpen: SmokeStep = {
  id: "SMK-WS-1",
  title: "a WebSocket opens, and its subscriptions start",
  instead: "Give the canary a token for an account, with the scopes read and trade; check the gateway's log.",
  after: [symbolsAreTraded.id],
  async run({ target }) {
    const { symbol } = target;
    const stream = await CanaryStream.open(target);
    try {
      const { account } = await stream.message("its account", ({ type }) => type === "authenticated");
      if (account === null) {
        throw new StepFault("the token names no account", "create a token for an account, with scopes read and trade");
      }
      stream.say({ type: "subscribe", channel: "book", symbol });
      stream.say({ type: "subscribe", channel: "orders" });
      const begins = (channel: string) => stream.message(`its ${channel}`, ({ type }) => type === channel);
      const book = await begins("book");
      await begins("orders");
      const [bids, asks] = [book.bids, book.asks] as [unknown[], unknown[]];
      return `account ${account}; ${symbol} with ${bids.length} bids and ${asks.length} asks`;
    } finally {
      stream.close();
    }
  },
};
