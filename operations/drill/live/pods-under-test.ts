import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type ProgramResult, runProgram } from "@hft/toolkit";
import type { Command } from "./command";

/**
 * Runs commands for pods where no cluster is. The real shell and the real Node run them; only kubectl is a script,
 * which runs what would run in a pod and leads it to a server of its own for each pod.
 */
export class PodsUnderTest {
  private readonly directory = mkdtempSync(join(tmpdir(), "hft-pods-"));

  /** @param addresses where the API of a pod listens, by cluster and pod: `127.0.0.1:8123` */
  constructor(addresses: Readonly<Record<string, string>>) {
    const cases = Object.entries(addresses).map(([pod, address]) => `"${pod}") address=${address};;`);
    writeFileSync(
      join(this.directory, "kubectl"),
      `#!/bin/sh
case "$2 $7" in ${cases.join(" ")} *) echo "no pod $2 $7" >&2; exit 9;; esac
[ "$1 $3 $4 $5 $6 $8 $9" = "--context --namespace trading exec --stdin -- node" ] || { echo "kubectl $*" >&2; exit 8; }
shift 10
exec "${process.execPath}" -e "$(printf %s "$1" | sed "s/127.0.0.1:8080/$address/g")"
`,
      { mode: 0o755 },
    );
  }

  run({ argv: [program, ...args] }: Command, token: string): Promise<ProgramResult> {
    const path = `${this.directory}${delimiter}${process.env.PATH}`;
    const env = { ...process.env, PATH: path, HFT_OPERATOR_TOKEN: token, TMPDIR: this.directory };
    return runProgram(program!, args, { env });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
