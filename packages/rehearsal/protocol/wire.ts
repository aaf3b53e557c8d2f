import type { Block } from "@hft/provider-schemas";
import { Decoder, Encoder, ExtensionCodec } from "@msgpack/msgpack";
import { convertBlock } from "./conversion";
import { Dynamic, UNKNOWN, Unknown, type Value, type ValueObject } from "./value";

/** A value on the wire. */
export interface DynamicValue {
  readonly msgpack?: Uint8Array;
}

/** Extension types of Terraform's MessagePack: a plain unknown, and one with hints about its range. */
const UNKNOWN_EXTENSION = 0;
const REFINED_UNKNOWN_EXTENSION = 12;

const extensionCodec = new ExtensionCodec();
extensionCodec.register({
  type: UNKNOWN_EXTENSION,
  encode: (value) => (value instanceof Unknown ? new Uint8Array([0]) : null),
  decode: () => UNKNOWN,
});
extensionCodec.register({ type: REFINED_UNKNOWN_EXTENSION, encode: () => null, decode: () => UNKNOWN });

const encoder = new Encoder({ extensionCodec });
const decoder = new Decoder({ extensionCodec });

/** Reads a resource, data source or provider body; null when there is none (before creation, after destruction). */
export function decodeBody(schema: Block, wire: DynamicValue | undefined): ValueObject | null {
  if (!wire?.msgpack || wire.msgpack.length === 0) {
    return null;
  }
  const raw = decoder.decode(wire.msgpack) as Value;
  return convertBlock(schema, raw, (value) => {
    if (!Array.isArray(value)) {
      return value as Value;
    }
    const [type, inner] = value as [Uint8Array, Value];
    return new Dynamic(JSON.parse(Buffer.from(type).toString("utf8")), inner);
  });
}

export function encodeBody(schema: Block, value: ValueObject | null): DynamicValue {
  const raw = convertBlock(schema, value, (leaf) =>
    leaf instanceof Dynamic
      ? ([Buffer.from(JSON.stringify(leaf.type)), leaf.value] as unknown as Value)
      : (leaf as Value),
  );
  return { msgpack: encoder.encode(raw) };
}
