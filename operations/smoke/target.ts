import type { Agent } from "node:http";
import type { Environment } from "../../environments";
import { proxyAgents } from "../preflight/account/proxy";

/** What a smoke test is pointed at, and as whom it trades there. */
export interface Target {
  readonly environment: Environment;
  /** Where users reach it, `https://trade.example.com`. */
  readonly url: string;
  /** Of a canary account, with scopes read and trade. */
  readonly token: string;
  /** What is traded, see `canary` of the environment. */
  readonly symbol: string;
  readonly quantity: string;
  /** Makes connections. @default - Node's own, through the shell's proxy */
  readonly agent?: Agent;
}

/** Holds the token of the canary account, so that it is neither shown nor in the list of processes. */
export const TOKEN_VARIABLE = "HFT_CANARY_TOKEN";

/** The public address of an environment. */
export function publicTarget(environment: Environment, token: string): Target {
  return { environment, url: `https://${environment.edge.hostname}`, token, ...tradedBy(environment) };
}

/** What the canary account trades: as the environment says, or the smallest order in its first symbol. */
export function tradedBy({ canary, engine }: Environment): Pick<Target, "symbol" | "quantity"> {
  const [first] = engine.symbols;
  return canary ?? { symbol: first!.name, quantity: first!.lotSize };
}

/** An agent for the target's connections; undefined is Node's own. */
export function agentFor({ url, agent }: Target, environment: NodeJS.ProcessEnv = process.env): Agent | undefined {
  return agent ?? (url.startsWith("https:") ? proxyAgents(environment).httpsAgent : undefined);
}
