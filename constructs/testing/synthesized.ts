import { Testing } from "cdktf";
import type { Construct } from "constructs";

export type Attributes = Record<string, unknown>;

/** Names that Terraform takes. cdktf writes others too, when an id is overridden. */
const LOGICAL_ID = /^[A-Za-z_][\w-]*$/;

/** What a few constructs become: the resources that Terraform would be given, found by type. */
export class Synthesized {
  private constructor(private readonly resources: Record<string, Record<string, Attributes>>) {}

  static of(build: (scope: Construct) => void): Synthesized {
    const resources: Record<string, Record<string, Attributes>> = JSON.parse(Testing.synthScope(build)).resource ?? {};
    const refused = Object.values(resources)
      .flatMap(Object.keys)
      .filter((id) => !LOGICAL_ID.test(id));
    if (refused.length > 0) throw new Error(`Terraform takes no resource named ${refused.join(", ")}`);
    return new Synthesized(resources);
  }

  /** All resources of a type. */
  all(type: string): Attributes[] {
    return Object.values(this.resources[type] ?? {});
  }

  /** The only resource of a type. */
  the(type: string): Attributes {
    const [first, ...more] = this.all(type);
    if (!first || more.length > 0) throw new Error(`${this.all(type).length} resources of type ${type}, not one`);
    return first;
  }

  /** Logical ids of a type's resources: what Terraform's state knows them by. */
  ids(type: string): string[] {
    return Object.keys(this.resources[type] ?? {});
  }

  types(): string[] {
    return Object.keys(this.resources);
  }

  /** Everything as text, for what must appear nowhere. */
  text(): string {
    return JSON.stringify(this.resources);
  }
}

/** A policy that was written as JSON text. */
export function statementsOf(policy: unknown): Attributes[] {
  return JSON.parse(String(policy)).Statement;
}
