import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Cloud } from "../cloud/cloud";

interface TypeNames {
  readonly resources: ReadonlySet<string>;
  readonly dataSources: ReadonlySet<string>;
}

interface TerraformJson {
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * The types that schemas are wanted for. All 2,200 of AWS would take Terraform seconds to read at each command; served
 * are those of the synthesized trees, and those that still exist, which could not be destroyed otherwise.
 */
export class TypesInUse {
  private readonly trees = new Set<string>();
  private readonly byFile = new Map<string, { readonly modifiedMs: number; readonly types: TypeNames }>();

  constructor(private readonly cloud: Cloud) {}

  /** @param directory - a `cdktf.out` */
  addTree(directory: string): void {
    this.trees.add(directory);
  }

  current(): TypeNames {
    const resources = new Set(this.cloud.list().map(({ type }) => type));
    const dataSources = new Set<string>();
    for (const file of this.files()) {
      const types = this.typesOf(file);
      for (const type of types.resources) resources.add(type);
      for (const type of types.dataSources) dataSources.add(type);
    }
    return { resources, dataSources };
  }

  private files(): string[] {
    return [...this.trees].flatMap((tree) => {
      const stacks = join(tree, "stacks");
      if (!existsSync(stacks)) return [];
      return readdirSync(stacks)
        .map((stack) => join(stacks, stack, "cdk.tf.json"))
        .filter((file) => existsSync(file));
    });
  }

  private typesOf(file: string): TypeNames {
    const modifiedMs = statSync(file).mtimeMs;
    const known = this.byFile.get(file);
    if (known?.modifiedMs === modifiedMs) return known.types;
    const { resource = {}, data = {} } = JSON.parse(readFileSync(file, "utf8")) as TerraformJson;
    const types = { resources: new Set(Object.keys(resource)), dataSources: new Set(Object.keys(data)) };
    this.byFile.set(file, { modifiedMs, types });
    return types;
  }
}
