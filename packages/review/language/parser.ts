import { type Expression, type ForExpression, SPLAT_ITEM } from "./expression";
import { ExpressionSyntaxError, isEscapedMarker, type Lexeme, readInterpolation, readTokens } from "./lexer";

/** Trees are immutable and the same strings come back in both trees and in every region, so each is parsed once. */
const parsed = new Map<string, Expression>();
/** Nesting beyond this is not configuration but an attack on the stack. */
const DEPTH_MAX = 200;

/** Parses a JSON string as Terraform does: literal text with `${…}` inside. */
export function parseTemplate(text: string): Expression {
  const known = parsed.get(text);
  if (known) return known;
  const expression = templateOf(text, false, 0);
  parsed.set(text, expression);
  return expression;
}

/** Parses a bare expression: an entry of `depends_on`, `ignore_changes`, `moved.from`. */
export function parseBare(text: string): Expression {
  return new Parser(readTokens(text), 0).whole();
}

/** Whether a string is more than its own text. */
export function isTemplate(text: string): boolean {
  return text.includes("${") || text.includes("%{");
}

function templateOf(text: string, quoted: boolean, depth: number): Expression {
  const parts: Expression[] = [];
  let literal = "";
  let at = 0;
  const flush = (): void => {
    if (literal !== "") parts.push({ kind: "literal", value: literal });
    literal = "";
  };
  while (at < text.length) {
    if (isEscapedMarker(text, at)) {
      literal += text.slice(at + 1, at + 3);
      at += 3;
    } else if (text.startsWith("${", at)) {
      const { lexemes, end } = readInterpolation(text, at + 2);
      flush();
      parts.push(new Parser(lexemes, depth).whole());
      at = end;
    } else if (text.startsWith("%{", at)) {
      throw new ExpressionSyntaxError(
        "template directives (%{ if … }) are not supported; use a conditional expression",
      );
    } else if (quoted && text[at] === "\\") {
      const escaped = readEscape(text, at);
      literal += escaped.text;
      at += escaped.length;
    } else literal += text[at++];
  }
  flush();
  if (parts.length === 0) return { kind: "literal", value: "" };
  // A template that is nothing but one interpolation keeps the type of its expression.
  return parts.length === 1 ? parts[0]! : { kind: "template", parts };
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

function readEscape(text: string, at: number): { text: string; length: number } {
  const code = text[at + 1] ?? "";
  const digits = code === "u" ? 4 : code === "U" ? 8 : 0;
  if (digits > 0) {
    const point = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
    if (!(point <= 0x10ffff)) throw new ExpressionSyntaxError(`bad escape \\${code} at ${at}`);
    return { text: String.fromCodePoint(point), length: 2 + digits };
  }
  const known = ESCAPES[code];
  if (known === undefined) throw new ExpressionSyntaxError(`bad escape \\${code} at ${at}`);
  return { text: known, length: 2 };
}

/** Binding strength of binary operators; higher binds tighter. */
const STRENGTH: Readonly<Record<string, number>> = {
  "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}; // biome-ignore format: one table

class Parser {
  private at = 0;

  constructor(
    private readonly lexemes: readonly Lexeme[],
    private depth: number,
  ) {}

  whole(): Expression {
    const expression = this.expression();
    if (this.next.kind !== "end") this.unexpected();
    return expression;
  }

  private get next(): Lexeme {
    return this.lexemes[this.at]!;
  }

  private unexpected(): never {
    const { text, at, kind } = this.next;
    throw new ExpressionSyntaxError(
      `unexpected ${kind === "end" ? "end" : JSON.stringify(text)} at ${at} of an expression`,
    );
  }

  private has(symbol: string): boolean {
    return this.next.kind === "symbol" && this.next.text === symbol;
  }

  private take(symbol: string): boolean {
    if (!this.has(symbol)) return false;
    this.at++;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.take(symbol)) this.unexpected();
  }

  private word(): string {
    if (this.next.kind !== "identifier") this.unexpected();
    return this.lexemes[this.at++]!.text;
  }

  private expression(): Expression {
    if (++this.depth > DEPTH_MAX) throw new ExpressionSyntaxError(`expression nests deeper than ${DEPTH_MAX}`);
    const test = this.binary(1);
    const result = this.take("?") ? this.conditional(test) : test;
    this.depth--;
    return result;
  }

  private conditional(test: Expression): Expression {
    const yes = this.expression();
    this.expect(":");
    return { kind: "conditional", test, yes, no: this.expression() };
  }

  private binary(strength: number): Expression {
    let left = this.unary();
    for (;;) {
      const { kind, text } = this.next;
      const own = kind === "symbol" ? STRENGTH[text] : undefined;
      if (own === undefined || own < strength) return left;
      this.at++;
      left = { kind: "binary", operator: text, left, right: this.binary(own + 1) };
    }
  }

  private unary(): Expression {
    if (this.take("!")) return { kind: "unary", operator: "!", operand: this.unary() };
    if (this.take("-")) return { kind: "unary", operator: "-", operand: this.unary() };
    return this.postfix(this.primary());
  }

  private postfix(start: Expression): Expression {
    let target = start;
    for (;;) {
      if (this.take(".")) {
        if (this.take("*")) return this.splat(target);
        if (this.next.kind === "number") target = this.legacyIndex(target);
        else target = { kind: "attribute", target, name: this.word() };
      } else if (this.take("[")) {
        if (this.take("*")) {
          this.expect("]");
          return this.splat(target);
        }
        const key = this.expression();
        this.expect("]");
        target = { kind: "index", target, key };
      } else return target;
    }
  }

  /** `list.0.name`, which the lexer sees as `list` `.` `0`. */
  private legacyIndex(target: Expression): Expression {
    return { kind: "index", target, key: { kind: "literal", value: Number(this.lexemes[this.at++]!.text) } };
  }

  private splat(target: Expression): Expression {
    return { kind: "splat", target, each: this.postfix({ kind: "variable", name: SPLAT_ITEM }) };
  }

  private primary(): Expression {
    const { kind, text } = this.next;
    if (kind === "number") return this.consumed({ kind: "literal", value: Number(text) });
    if (kind === "template") return this.consumed(templateOf(text, true, this.depth));
    if (kind === "identifier") return this.named();
    if (this.take("(")) {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    if (this.take("[")) return this.tuple();
    if (this.take("{")) return this.object();
    return this.unexpected();
  }

  private consumed(expression: Expression): Expression {
    this.at++;
    return expression;
  }

  private named(): Expression {
    const name = this.word();
    if (this.take("(")) return this.call(name);
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
    if (name === "null") return { kind: "literal", value: null };
    return { kind: "variable", name };
  }

  private call(name: string): Expression {
    const args: Expression[] = [];
    let spread = false;
    while (!this.take(")")) {
      args.push(this.expression());
      spread = this.take("...");
      if (!this.take(",") && !this.has(")")) this.unexpected();
    }
    return { kind: "call", name, args, spread };
  }

  private tuple(): Expression {
    if (this.isFor()) return this.forExpression("]");
    const items: Expression[] = [];
    while (!this.take("]")) {
      items.push(this.expression());
      if (!this.take(",") && !this.has("]")) this.unexpected();
    }
    return { kind: "tuple", items };
  }

  private object(): Expression {
    if (this.isFor()) return this.forExpression("}");
    const entries: (readonly [Expression, Expression])[] = [];
    while (!this.take("}")) {
      const start = this.next;
      const key = this.expression();
      // A bare word as a key is its own name, not a reference.
      const literal: Expression =
        start.kind === "identifier" && key.kind === "variable" ? { kind: "literal", value: key.name } : key;
      if (!this.take("=") && !this.take(":")) this.unexpected();
      entries.push([literal, this.expression()]);
      this.take(",");
    }
    return { kind: "object", entries };
  }

  private isFor(): boolean {
    return (
      this.next.kind === "identifier" && this.next.text === "for" && this.lexemes[this.at + 1]?.kind === "identifier"
    );
  }

  private forExpression(close: "]" | "}"): ForExpression {
    this.at++;
    const first = this.word();
    const second = this.take(",") ? this.word() : undefined;
    if (this.word() !== "in") this.unexpected();
    const source = this.expression();
    this.expect(":");
    const head = this.expression();
    const value = this.take("=>") ? this.expression() : undefined;
    const grouped = this.take("...");
    const test = this.next.text === "if" ? this.filter() : undefined;
    this.expect(close);
    const names = second === undefined ? { valueName: first } : { keyName: first, valueName: second };
    return { kind: "for", ...names, source, key: value && head, value: value ?? head, grouped, test };
  }

  private filter(): Expression {
    this.at++;
    return this.expression();
  }
}
