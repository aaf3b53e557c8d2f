import { runTool } from "@hft/testing";

/** Builds the engine, starts it with its own database, and trades. */
jest.setTimeout(240_000);

const smoke = (words: readonly string[], variables: NodeJS.ProcessEnv = {}) => {
  const { status, stdout, stderr } = runTool(
    process.execPath,
    ["--import", "tsx", "operations/smoke/main.ts", ...words],
    { env: { ...process.env, HFT_CANARY_TOKEN: "", ...variables } },
  );
  return { status, stdout, stderr };
};

describe("npm run smoke", () => {
  it("rehearses against an engine of this checkout with production's symbols, to the database and back", () => {
    const { status, stdout, stderr } = smoke(["production", "--rehearse", "--end-to-end", "--json"]);
    expect(stderr).toBe("");
    const { environment, results } = JSON.parse(stdout);
    expect(environment).toBe("production");
    expect(results.map(({ step, verdict }: Record<string, string>) => `${step} ${verdict}`)).toEqual(
      ["HTTP-1", "HTTP-2", "API-1", "WS-1", "ORD-1", "ORD-2", "E2E-1"].map((step) => `SMK-${step} ok`),
    );
    expect(status).toBe(0);
  });

  it.each([
    [["nowhere"], 'no environment "nowhere"; choose one of: development, staging, production, hybrid'],
    [["staging"], "HFT_CANARY_TOKEN is not set; give the token of a canary account"],
  ])("refuses %j with what to write instead", (words, message) => {
    const { status, stdout, stderr } = smoke(words);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
  });
});
