import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../tree";

/** What the head of a measured review changes. */
export type Change = "nothing" | "one VPC" | "every resource";

interface Manifest {
  readonly version: string;
  readonly stacks: Readonly<Record<string, JsonObject>>;
}

/** Copies of the project's production stacks and manifests, each under a name of its own. */
export class GrowingTree {
  private readonly names: readonly string[];
  private readonly texts: ReadonlyMap<string, string>;
  private readonly manifest: Manifest;

  constructor(private readonly source: string) {
    this.manifest = JSON.parse(readFileSync(join(source, "cdktf.out", "manifest.json"), "utf8")) as Manifest;
    this.names = Object.keys(this.manifest.stacks).filter((name) => name.startsWith("production-"));
    this.texts = new Map(
      this.names.map((name) => [name, readFileSync(join(source, "cdktf.out", "stacks", name, "cdk.tf.json"), "utf8")]),
    );
  }

  /** Resources in one copy. */
  get resources(): number {
    return [...this.texts.values()].reduce((total, text) => total + countResources(text), 0);
  }

  /** Writes as many copies as asked; returns the number of resources. */
  write(directory: string, copies: number, change: Change): number {
    const stacks: Record<string, JsonObject> = {};
    for (let copy = 0; copy < copies; copy++) {
      const name = (text: string): string => text.replaceAll("production", `production${copy}`);
      for (const [own, text] of this.texts) {
        stacks[name(own)] = JSON.parse(name(JSON.stringify(this.manifest.stacks[own]))) as JsonObject;
        const folder = join(directory, "cdktf.out", "stacks", name(own));
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "cdk.tf.json"), changed(name(text), change, copy === 0 && own.endsWith("-network")));
      }
      this.writeManifests(directory, name);
    }
    writeFileSync(
      join(directory, "cdktf.out", "manifest.json"),
      JSON.stringify({ version: this.manifest.version, stacks }),
    );
    return this.resources * copies;
  }

  private writeManifests(directory: string, name: (text: string) => string): void {
    const source = join(this.source, "dist");
    mkdirSync(join(directory, "dist"), { recursive: true });
    for (const file of readdirSync(source).filter((own) => own.startsWith("production-")))
      writeFileSync(join(directory, "dist", name(file)), name(readFileSync(join(source, file), "utf8")));
  }
}

function changed(text: string, change: Change, isFirstNetwork: boolean): string {
  if (change === "every resource") return text.replace(/("cost-centre": ")/, "$1x-");
  if (change === "one VPC" && isFirstNetwork) return text.replace(/("cidr_block": ")10\.\d+\.0\.0/, "$110.99.0.0");
  return text;
}

function countResources(text: string): number {
  const { resource = {} } = JSON.parse(text) as { resource?: Readonly<Record<string, object>> };
  return Object.values(resource).reduce((total, byName) => total + Object.keys(byName).length, 0);
}
