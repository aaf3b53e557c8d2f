/** A type of Terraform's type system (cty), in the JSON form of the provider protocol. */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | readonly ["list" | "set" | "map", CtyType]
  | readonly ["tuple", readonly CtyType[]]
  | readonly ["object", Readonly<Record<string, CtyType>>];

/** How many of a nested thing there are, and how they are told apart. */
export type Nesting = "SINGLE" | "LIST" | "SET" | "MAP";

interface AttributeFlags {
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  /** Hidden in Terraform's output. */
  readonly sensitive?: boolean;
  /** Given in configuration, never stored: state and plan hold null. */
  readonly writeOnly?: boolean;
}

/** An attribute with a plain type; the configuration's value is taken as a whole. */
interface PlainAttribute extends AttributeFlags {
  readonly type: CtyType;
}

/** An attribute with members that have flags of their own (protocol 6: Cloudflare, Helm). */
export interface StructuredAttribute extends AttributeFlags {
  readonly nested: NestedAttributes;
}

export type Attribute = PlainAttribute | StructuredAttribute;

export interface NestedAttributes {
  readonly nesting: Nesting;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface NestedBlock {
  readonly nesting: Nesting;
  readonly minItems: number;
  /** 0 = no limit. The generated code tells 1 from many, not 2 from 3. */
  readonly maxItems: number;
  readonly block: Block;
}

/** The body of a resource, data source, provider or nested block. */
export interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly blocks: Readonly<Record<string, NestedBlock>>;
}

export function isStructured(attribute: Attribute): attribute is StructuredAttribute {
  return "nested" in attribute;
}
