// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import fc from "fast-check";
import { evaluate, jsonText, keyOf, parseTemplate, type Scope, Settled, Unknown, type Value } from "./";

function scopeOf(names: Readonly<Record<string, Value>>): Scope {
  return { variable: (name) => names[name] };
}

function value(text: string, names: Readonly<Record<string, Value>> = {}): Value {
  return evaluate(parseTemplate(text), scopeOf(names));
}

describe("an expression", () => {
  it.each<[string, Value]>([
    ["plain text", "plain text"],
    ["${1 + 2 * 3}", 7],
    ["${(1 + 2) * 3}", 9],
    ['a-${true ? "yes" : "no"}-b', "a-yes-b"],
    ["$${not.an.expression}", "${not.an.expression}"],
    ["${[1, 2, 3][1]}", 2],
    ['${{ a = 1, "b" = 2 }.b}', 2],
    ["${[for x in [1, 2, 3] : x * 2 if x != 2]}", [2, 6]],
    ["${{ for k, v in { a = 1 } : v => k }}", { 1: "a" }],
    ['${cidrsubnet("10.0.0.0/16", 8, 3)}', "10.0.3.0/24"],
    // Answers of `terraform console`, 1.11.4.
    ['${cidrsubnet("10.1.0.0/16", -1, 0)}', "10.1.0.0/15"],
    ['${cidrsubnet("10.1.2.3/16", 4, 15)}', "10.1.240.0/20"],
    ['${cidrhost("10.1.2.3/16", -1)}', "10.1.255.255"],
    ['${cidrhost("10.0.0.0/16", -65536)}', "10.0.0.0"],
    ['${cidrhost("10.0.0.0/24", -2)}', "10.0.0.254"],
    ['${join("-", concat(["a"], ["b", "c"]))}', "a-b-c"],
    ['${format("%s-%03d", "x", 7)}', "x-007"],
    ['${replace("a.b.c", ".", "-")}', "a-b-c"],
    ['${try(local.absent, "otherwise")}', "otherwise"],
    ["${!(1 < 2) || 3 >= 3}", true],
    ["${merge({ a = 1 }, { b = 2 })}", { a: 1, b: 2 }],
    ['${"quoted \\"text\\""}', 'quoted "text"'],
  ])("%s", (text, expected) => {
    expect(value(text, { local: {} })).toEqual(expected);
  });

  it("reads attributes, indices and splats of resources", () => {
    const names = { aws_subnet: { private: [{ id: "a" }, { id: "b" }] } };
    expect(value("${aws_subnet.private[1].id}", names)).toBe("b");
    expect(value("${aws_subnet.private[*].id}", names)).toEqual(["a", "b"]);
    expect(value("${aws_subnet.private.0.id}", names)).toBe("a");
  });

  it("waits for what is only known after apply, and says whose fault that is", () => {
    const names = { aws_vpc: { main: { id: new Unknown(["network:aws_vpc.main"]) } } };
    const text = value("vpc-${aws_vpc.main.id}", names);
    expect(text).toBeInstanceOf(Unknown);
    expect((text as Unknown).origins).toEqual(["network:aws_vpc.main"]);
  });

  it("keeps a value that only the cloud knows equal to itself and to nothing else", () => {
    const names = (key: string): Record<string, Value> => ({ aws_vpc: { main: { id: new Settled(key) } } });
    expect(keyOf(value("${upper(aws_vpc.main.id)}", names("one")))).toBe(
      keyOf(value("${upper(aws_vpc.main.id)}", names("one"))),
    );
    expect(keyOf(value("${upper(aws_vpc.main.id)}", names("one")))).not.toBe(
      keyOf(value("${upper(aws_vpc.main.id)}", names("two"))),
    );
  });

  it("takes apart again what jsonencode put together, even when parts are only known to the cloud", () => {
    const id = new Settled("vpc");
    const text = value('${jsonencode({ vpcId = aws_vpc.main.id, zones = ["a"] })}', { aws_vpc: { main: { id } } });
    expect(text).toBeInstanceOf(Settled);
    expect(evaluate(parseTemplate("${jsondecode(local.text).vpcId}"), scopeOf({ local: { text } }))).toEqual(id);
  });

  it("encodes JSON so that decoding gives the value back, in Terraform's form", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (json) => {
        const text = jsonText(json as Value);
        expect(text).not.toMatch(/[<>&]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(json)));
      }),
    );
  });

  it("never takes longer or deeper than its text, and refuses with a message", () => {
    expect(() => value("${aws_vpc.main.}")).toThrow("unexpected");
    expect(() => value("${unknown_function_is_fine(1")).toThrow("not closed");
    expect(() => value(`\${${"(".repeat(5_000)}1`)).toThrow();
    expect(() => value("%{ if true }x%{ endif }")).toThrow("directives");
  });
});
