import { type Block, type CtyType, resourceSchema } from "@hft/provider-schemas";
import fc from "fast-check";
import { fromJson, toJson } from "./conversion";
import { Dynamic, equal, hasUnknown, UNKNOWN, type Value } from "./value";
import { decodeBody, encodeBody } from "./wire";

const text = fc.string({ maxLength: 8 });
const scalar = fc.oneof(text, fc.boolean(), fc.integer({ min: -1e9, max: 1e9 }));

/** Any value of a type, unknown here and there. */
function anyOf(type: CtyType): fc.Arbitrary<Value> {
  const known = (): fc.Arbitrary<Value> => {
    if (type === "string") return text;
    if (type === "number") return fc.integer({ min: -1e9, max: 1e9 });
    if (type === "bool") return fc.boolean();
    if (type === "dynamic") {
      return fc.dictionary(fc.constantFrom("kind", "name"), scalar).map((value) => {
        const types = Object.entries(value).map(([name, item]) => [
          name,
          typeof item === "boolean" ? "bool" : typeof item,
        ]);
        return new Dynamic(["object", Object.fromEntries(types)], value as Value);
      });
    }
    if (type[0] === "object") {
      const fields = Object.entries(type[1]).map(([name, inner]) => [name, anyOf(inner as CtyType)]);
      return fc.record(Object.fromEntries(fields)) as fc.Arbitrary<Value>;
    }
    if (type[0] === "map")
      return fc.dictionary(
        text.map((key) => `k${key}`),
        anyOf(type[1] as CtyType),
        { maxKeys: 3 },
      );
    return fc.array(anyOf(type[1] as CtyType), { maxLength: 3 });
  };
  return fc.oneof({ weight: 6, arbitrary: known() }, { weight: 1, arbitrary: fc.constantFrom(null, UNKNOWN) });
}

const TYPES: readonly CtyType[] = [
  "string",
  "number",
  "bool",
  "dynamic",
  ["list", "string"],
  ["set", ["object", { port: "number", ranges: ["list", "string"] }]],
  ["map", "string"],
];

function block(types: readonly CtyType[]): Block {
  const attributes = types.map((type, index) => [
    `a${index}`,
    { type, required: false, optional: true, computed: true },
  ]);
  return { attributes: Object.fromEntries(attributes), blocks: {} };
}

const bodies = fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 5 }).chain((types) => {
  const inner = block(types);
  const schema: Block = {
    ...inner,
    blocks: { rule: { nesting: "LIST", minItems: 0, maxItems: 0, block: block(types.slice(0, 2)) } },
  };
  const fields = (of: Block) =>
    Object.fromEntries(
      Object.entries(of.attributes).map(([name, attribute]) => [name, anyOf((attribute as { type: CtyType }).type)]),
    );
  return fc.record({
    schema: fc.constant(schema),
    body: fc.record({
      ...fields(inner),
      rule: fc.array(fc.record(fields(schema.blocks.rule!.block)), { maxLength: 3 }),
    }),
  });
});

describe("a body on the wire", () => {
  it("comes back as it was sent, unknowns and dynamic values included", () => {
    fc.assert(
      fc.property(bodies, ({ schema, body }) => {
        expect(equal(decodeBody(schema, encodeBody(schema, body as never)), body as Value)).toBe(true);
      }),
    );
  });

  it("is null when there is no resource", () => {
    const schema = block(["string"]);
    expect(decodeBody(schema, encodeBody(schema, null))).toBeNull();
    expect(decodeBody(schema, undefined)).toBeNull();
  });

  it("has every attribute of the schema and no other", () => {
    const schema = block(["string", "number"]);
    const sent = encodeBody(block(["string", "number", "bool"]), { a0: "x", a2: true });
    expect(decodeBody(schema, sent)).toEqual({ a0: "x", a1: null });
  });
});

describe("a body in a state file", () => {
  it("comes back as it was stored", () => {
    fc.assert(
      fc.property(
        bodies.filter(({ body }) => !hasUnknown(body as Value)),
        ({ schema, body }) => {
          const stored = JSON.parse(JSON.stringify(toJson(schema, body as never)));
          expect(equal(fromJson(schema, stored), body as Value)).toBe(true);
        },
      ),
    );
  });

  it("keeps the type of a manifest beside its value", () => {
    const schema = resourceSchema("kubernetes_manifest")!;
    const manifest = new Dynamic(["object", { kind: "string" }], { kind: "Namespace" });
    expect(toJson(schema, { manifest })).toMatchObject({
      manifest: { type: ["object", { kind: "string" }], value: { kind: "Namespace" } },
    });
  });
});
