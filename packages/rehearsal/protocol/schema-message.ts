import { type Attribute, type Block, isStructured } from "@hft/provider-schemas";

/** Schemas in the form of the protocol's messages. */
export interface SchemaMessage {
  readonly version: number;
  readonly block: BlockMessage;
}

interface BlockMessage {
  readonly attributes: readonly AttributeMessage[];
  readonly block_types: readonly object[];
}

interface AttributeMessage {
  readonly name: string;
  readonly type?: Buffer;
  readonly nested_type?: { readonly nesting: string; readonly attributes: readonly AttributeMessage[] };
}

export function schemaMessage(block: Block): SchemaMessage {
  return { version: 0, block: blockMessage(block) };
}

function blockMessage(block: Block): BlockMessage {
  return {
    attributes: Object.entries(block.attributes).map(([name, attribute]) => attributeMessage(name, attribute)),
    block_types: Object.entries(block.blocks).map(([name, nested]) => ({
      type_name: name,
      nesting: nested.nesting,
      min_items: nested.minItems,
      max_items: nested.maxItems,
      block: blockMessage(nested.block),
    })),
  };
}

function attributeMessage(name: string, attribute: Attribute): AttributeMessage {
  const flags = {
    name,
    required: attribute.required,
    optional: attribute.optional,
    computed: attribute.computed,
    sensitive: attribute.sensitive ?? false,
    write_only: attribute.writeOnly ?? false,
  };
  if (!isStructured(attribute)) {
    return { ...flags, type: Buffer.from(JSON.stringify(attribute.type)) };
  }
  const { nesting, attributes } = attribute.nested;
  const members = Object.entries(attributes).map(([inner, member]) => attributeMessage(inner, member));
  return { ...flags, nested_type: { nesting, attributes: members } };
}
