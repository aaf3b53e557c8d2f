import type { GeneratedModule, HclEntry, Member } from "./generated-module";
import { asSet, getterType, LIBRARY_TYPES, type Shape, shapeOf } from "./mapper";
import { type Attribute, type Block, type CtyType, isStructured, type NestedBlock, type Nesting } from "./schema";

export interface DerivationOptions {
  /**
   * True for providers of protocol 6, whose structured attributes have flags a member. Those of protocol 5 (aws,
   * kubernetes, random) are objects taken as a whole.
   */
  readonly structuredAttributes: boolean;
  /** True where a provider has no blocks at all, so that `timeouts` is an attribute too (Cloudflare 5). */
  readonly withoutBlocks: boolean;
}

/** The schema of the module's resource, data source or provider. */
export function deriveBlock(module: GeneratedModule, options: DerivationOptions): Block {
  return new Derivation(module, options).block(module.main.members, module.mainEntries);
}

type Flags = Pick<Attribute, "required" | "optional" | "computed">;
type Role = "attribute" | "blocks" | "one block";

class Derivation {
  /** Structures being derived, outermost first: a recursive one ends where it meets itself. */
  private readonly path: string[] = [];

  constructor(
    private readonly module: GeneratedModule,
    private readonly options: DerivationOptions,
  ) {}

  block(members: ReadonlyMap<string, Member>, entries: ReadonlyMap<string, HclEntry>, inBlock = true): Block {
    const attributes: Record<string, Attribute> = {};
    const blocks: Record<string, NestedBlock> = {};
    const roles = this.roles(entries);
    for (const name of new Set([...members.keys(), ...entries.keys()])) {
      const member = members.get(name) ?? { computed: false, optional: true, required: false };
      const entry = entries.get(name);
      const role = roles.get(name) ?? "attribute";
      if (entry && role !== "attribute" && inBlock) {
        blocks[name] = this.nestedBlock(entry, member, role);
      } else {
        attributes[name] = { ...flagsOf(member), ...this.content(member, entry) };
      }
    }
    return { attributes, blocks };
  }

  /**
   * Whether each entry is an attribute or a block. A single structure looks the same either way; the generator writes
   * the attributes first and then the blocks, each in alphabetical order, and that settles it.
   */
  private roles(entries: ReadonlyMap<string, HclEntry>): Map<string, Role> {
    const names = [...entries.keys()];
    const certain = names.map((name) => this.certainRole(entries.get(name)!));
    return new Map(
      names.map((name, index): [string, Role] => {
        const known = certain[index];
        if (known || this.options.withoutBlocks) {
          return [name, known ?? "attribute"];
        }
        if (certain.slice(index + 1).includes("attribute")) {
          return [name, "attribute"];
        }
        const behindBlocks = certain.slice(0, index).some((role) => role && role !== "attribute");
        const outOfOrder = index > 0 && names[index - 1]! > name;
        return [name, behindBlocks || outOfOrder || name === "timeouts" ? "one block" : "attribute"];
      }),
    );
  }

  private certainRole(entry: HclEntry): Role | undefined {
    if (!entry.isBlock) {
      return "attribute";
    }
    const shape = shapeOf(entry.value);
    if (entry.collection === "list" || entry.collection === "set") {
      if (shape.kind === "structure") {
        return "one block";
      }
      return shape.kind === "list" && shape.asBlocks ? "blocks" : "attribute";
    }
    return entry.collection === "struct" ? undefined : "attribute";
  }

  private nestedBlock(entry: HclEntry, member: Member, role: Role): NestedBlock {
    const shape = shapeOf(entry.value);
    const nesting: Nesting = entry.collection === "struct" ? "SINGLE" : entry.collection === "set" ? "SET" : "LIST";
    const inner = this.structure(structureName(shape), true);
    return {
      nesting,
      minItems: member.required && nesting !== "SINGLE" ? 1 : 0,
      maxItems: role === "one block" && nesting !== "SINGLE" ? 1 : 0,
      // Terraform refuses a set of blocks with a member of dynamic type (aws_wafv2_web_acl): such a member is JSON
      // text.
      block: nesting === "SET" ? withoutDynamic(inner) : inner,
    };
  }

  private content(member: Member, entry: HclEntry | undefined): { type: CtyType } | Pick<AttributeContent, "nested"> {
    if (!entry) {
      return this.computedContent(member);
    }
    const shape = shapeOf(entry.value);
    const isSet = entry.collection === "set";
    const nested = shape.kind === "structure" ? shape : shape.kind === "plain" ? undefined : shape.element;
    if (nested?.kind === "structure") {
      return this.structured(nested.name, nestingOf(shape, isSet));
    }
    const type = this.typeOf(shape);
    return { type: isSet ? asSet(type) : type };
  }

  private typeOf(shape: Shape): CtyType {
    switch (shape.kind) {
      case "plain":
        return shape.type;
      case "structure":
        return objectType(this.structure(shape.name, false).attributes);
      case "list":
        return ["list", this.typeOf(shape.element)];
      case "map": {
        const element = this.typeOf(shape.element);
        // A map of anything is one dynamic value to Terraform, not a map of equally typed ones.
        return element === "dynamic" ? "dynamic" : ["map", element];
      }
    }
  }

  /** An attribute that configuration cannot set: only its accessor tells the type. */
  private computedContent(member: Member): { type: CtyType } | Pick<AttributeContent, "nested"> {
    const { accessor } = member;
    if (!accessor) {
      return { type: getterType(member.getter) };
    }
    if (accessor.ofLibrary) {
      const type = LIBRARY_TYPES[accessor.className] ?? "dynamic";
      return { type: accessor.set ? asSet(type) : type };
    }
    const suffix = /(OutputReference|List|Map)$/.exec(accessor.className)?.[1];
    const nesting = suffix === "Map" ? "MAP" : suffix === "List" ? (accessor.set ? "SET" : "LIST") : "SINGLE";
    return this.structured(accessor.className.replace(/(OutputReference|List|Map)$/, ""), nesting);
  }

  private structured(name: string, nesting: Nesting): { type: CtyType } | Pick<AttributeContent, "nested"> {
    const { attributes } = this.structure(name, false);
    return this.options.structuredAttributes
      ? { nested: { nesting, attributes } }
      : { type: collectionOf(nesting, objectType(attributes)) };
  }

  private structure(name: string, inBlock: boolean): Block {
    if (this.path.includes(name)) {
      return { attributes: {}, blocks: {} };
    }
    this.path.push(name);
    const members = this.module.classes.get(`${name}OutputReference`)?.members ?? new Map();
    const derived = this.block(members, this.module.structures.get(name) ?? new Map(), inBlock);
    this.path.pop();
    return derived;
  }
}

type AttributeContent = Extract<Attribute, { nested: unknown }>;

function flagsOf(member: Member): Flags {
  if (member.required) {
    return { required: true, optional: false, computed: false };
  }
  return { required: false, optional: member.optional || !member.computed, computed: member.computed };
}

function structureName(shape: Shape): string {
  const name = innermostStructure(shape);
  if (!name) {
    throw new Error(`a block without a structure (${JSON.stringify(shape)}); the generator's output has changed`);
  }
  return name;
}

function innermostStructure(shape: Shape): string | undefined {
  if (shape.kind === "structure") {
    return shape.name;
  }
  return shape.kind === "plain" ? undefined : innermostStructure(shape.element);
}

function nestingOf(shape: Shape, set: boolean): Nesting {
  if (shape.kind === "map") {
    return "MAP";
  }
  return shape.kind === "list" ? (set ? "SET" : "LIST") : "SINGLE";
}

function objectType(attributes: Readonly<Record<string, Attribute>>): CtyType {
  const types = Object.entries(attributes).map(([name, attribute]): [string, CtyType] => [
    name,
    isStructured(attribute)
      ? collectionOf(attribute.nested.nesting, objectType(attribute.nested.attributes))
      : attribute.type,
  ]);
  return ["object", Object.fromEntries(types)];
}

function collectionOf(nesting: Nesting, element: CtyType): CtyType {
  return nesting === "SINGLE" ? element : [nesting.toLowerCase() as "list" | "set" | "map", element];
}

function withoutDynamic(block: Block): Block {
  const attributes = Object.entries(block.attributes).map(([name, attribute]): [string, Attribute] => [
    name,
    !isStructured(attribute) && attribute.type === "dynamic" ? { ...attribute, type: "string" } : attribute,
  ]);
  const blocks = Object.entries(block.blocks).map(([name, nested]): [string, NestedBlock] => [
    name,
    { ...nested, block: withoutDynamic(nested.block) },
  ]);
  return { attributes: Object.fromEntries(attributes), blocks: Object.fromEntries(blocks) };
}
