import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive } from "@hft/testing";

const STACK = "a-stack";

/** A program that plans a stack with a Terraform that never ends, and which is ended meanwhile. */
const PROGRAM = `
  const { Terraform } = require(${JSON.stringify(join(__dirname, "../rehearsed/terraform.ts"))});
  const [tree, directory] = process.argv.slice(1);
  new Terraform({ tree, directory, environment: () => process.env }).plan("${STACK}").catch(() => {});
  setInterval(() => {}, 1000);
`;

describe("a program that is ended while Terraform works for it", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "ends-with-this-"));
    mkdirSync(join(directory, "tree/stacks", STACK), { recursive: true });
    writeFileSync(join(directory, "tree/stacks", STACK, "cdk.tf.json"), "{}");
    mkdirSync(join(directory, "bin"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it.each([
    ["is interrupted", "SIGINT", 130, "exec sleep 600"],
    ["is ended by a workflow", "SIGTERM", 143, "exec sleep 600"],
    ["is ended, and Terraform does not listen", "SIGTERM", 143, "trap '' INT; while :; do sleep 1; done"],
  ] as const)("%s: it ends with it", async (_how, signal, exitCode, never) => {
    const pidFile = join(directory, "pid");
    const terraform = join(directory, "bin/terraform");
    writeFileSync(terraform, `#!/bin/sh\necho $$ >${pidFile}.new && mv ${pidFile}.new ${pidFile}\n${never}\n`);
    chmodSync(terraform, 0o755);
    const program = spawn(
      process.execPath,
      ["--require", "tsx/cjs", "-e", PROGRAM, join(directory, "tree"), join(directory, "work")],
      { env: { ...process.env, PATH: `${join(directory, "bin")}:${process.env.PATH}` }, stdio: "ignore" },
    );
    const ended = new Promise<number | null>((resolve) => program.once("exit", resolve));
    while (!existsSync(pidFile)) await pause();
    program.kill(signal);
    expect(await ended).toBe(exitCode);
    const pid = Number(readFileSync(pidFile, "utf8"));
    for (let look = 0; look < 50 && isAlive(pid); look += 1) await pause();
    const left = isAlive(pid);
    if (left) process.kill(pid, "SIGKILL");
    expect(left).toBe(false);
  });
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
