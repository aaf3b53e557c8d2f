import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runToolBeside } from "@hft/testing";

export interface LoadResult {
  /** 0, or 99 when an objective was missed. */
  readonly exitCode: number;
  readonly calls: number;
  /** Share of calls that were answered with an error. */
  readonly failedShare: number;
  readonly p95Ms: number;
  readonly output: string;
}

/** k6's own numbers, as `--summary-export` writes them. */
interface Summary {
  readonly metrics: {
    readonly http_reqs: { readonly count: number };
    readonly http_req_failed: { readonly value: number };
    readonly http_req_duration: { readonly "p(95)": number };
  };
}

/** Runs the load test as load.yml does. @param hosts - names that lead to an address, as a name server would say */
export async function runLoad(
  variables: Readonly<Record<string, string>>,
  hosts: Readonly<Record<string, string>>,
): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), "k6-"));
  try {
    const config = join(folder, "config.json");
    const summary = join(folder, "summary.json");
    writeFileSync(config, JSON.stringify({ hosts }));
    const given = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const options = ["--quiet", "--no-usage-report", "--config", config, "--summary-export", summary];
    const { status, output } = await runToolBeside("k6", ["run", ...options, ...given, "test/load/orders.js"], {
      keptCharacters: 20_000,
    });
    const { metrics } = JSON.parse(readFileSync(summary, "utf8")) as Summary;
    return {
      exitCode: status,
      output,
      calls: metrics.http_reqs.count,
      failedShare: metrics.http_req_failed.value,
      p95Ms: metrics.http_req_duration["p(95)"],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
