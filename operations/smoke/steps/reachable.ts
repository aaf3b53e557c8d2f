import { type SmokeStep, StepFault } from "../step";

export const gatewayIsWell: SmokeStep = {
  id: "SMK-HTTP-1",
  title: "the endpoint is reachable: /health",
  instead: "Check the pools of the edge and the gateway's pods.",
  after: [],
  async run({ client }) {
    const { status } = await client.call("GET", "/health", undefined, false);
    if (status === 200) return "200";
    throw new StepFault(`${status}`, "check the edge's pools and the gateway's pods");
  },
};

export const pageIsServed: SmokeStep = {
  id: "SMK-HTTP-2",
  title: "the first page is served",
  instead: "Check the gateway's log, and the pods of the frontend or the engine.",
  after: [gatewayIsWell.id],
  async run({ client }) {
    const { status, headers, text } = await client.call("GET", "/", undefined, false);
    if (status === 200 && /<html/i.test(text)) return `${text.length} characters of ${headers["content-type"]}`;
    throw new StepFault(
      `${status} ${headers["content-type"] ?? ""}`,
      "check the frontend's pods, or the engine's screen",
    );
  },
};

const NEEDS_AUTHORITY: SmokeStep["id"] = "SMK-API-1";

/** The engine runs with this environment's symbols: neither an old configuration nor another environment's answers. */
export const symbolsAreTraded: SmokeStep = {
  id: NEEDS_AUTHORITY,
  title: "the API accepts the token, and the engine trades the environment's symbols",
  instead: "Check the canary's token, and the deployed `engine.symbols`.",
  after: [gatewayIsWell.id],
  async run({ client, target }) {
    const traded = await client.json<{ symbol: string }[]>("GET", "/api/symbols", 200);
    const names = traded.map(({ symbol }) => symbol);
    const expected = target.environment.engine.symbols.map(({ name }) => name);
    if (names.join() !== expected.join()) {
      throw new StepFault(
        `${names.join(", ")} instead of ${expected.join(", ")}`,
        "check which configuration the engine uses: its StatefulSet may not have been restarted",
      );
    }
    return `${names.join(", ")}; ${endOf(target.token)}`;
  },
};

/** When the token stops working: a smoke test that fails for its token says nothing of the platform. */
function endOf(token: string): string {
  const [, claims = ""] = token.split(".");
  try {
    const { exp } = JSON.parse(Buffer.from(claims, "base64url").toString()) as { exp?: number };
    if (exp) return `the token ends ${new Date(exp * 1000).toISOString()}`;
  } catch {
    // Tokens need not be readable by their bearer.
  }
  return "the token does not say when it ends";
}
