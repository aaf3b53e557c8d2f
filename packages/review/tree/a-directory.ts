import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { JsonObject } from "./json-file";

/** A synthesized tree on disk, for tests of what reads files. */
export class TreeDirectory {
  readonly path = mkdtempSync(join(tmpdir(), "review-tree-"));

  withStack(name: string, json: JsonObject, dependencies: readonly string[] = []): this {
    this.stacks[name] = {
      name,
      synthesizedStackPath: `stacks/${name}/cdk.tf.json`,
      workingDirectory: `stacks/${name}`,
      dependencies: [...dependencies],
    };
    this.write("manifest.json", JSON.stringify({ version: "0.21.0", stacks: this.stacks }));
    return this.write(`stacks/${name}/cdk.tf.json`, JSON.stringify(json));
  }

  write(file: string, text: string): this {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return this;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  private readonly stacks: Record<string, JsonObject> = {};
}

export function aDirectory(): TreeDirectory {
  return new TreeDirectory();
}
