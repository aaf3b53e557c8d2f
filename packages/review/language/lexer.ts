/** One token of an expression; `template` is a quoted string whose inner text is parsed as a template of its own. */
export interface Lexeme {
  readonly kind: "identifier" | "number" | "template" | "symbol" | "end";
  readonly text: string;
  readonly at: number;
}

/** Longest first, so that `==` is not read as two signs. */
const SYMBOLS = [
  "...", "=>", "==", "!=", "<=", ">=", "&&", "||",
  "{", "}", "[", "]", "(", ")", ",", ".", "?", ":", "=", "<", ">", "!", "+", "-", "*", "/", "%",
]; // biome-ignore format: one line a width
const SPACE = /\s+/y;
// A dash belongs to an identifier in HCL: data.terraform_remote_state.cross-stack-reference-input-a
const IDENTIFIER = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The text is no expression of Terraform's language. */
export class ExpressionSyntaxError extends Error {}

/**
 * Reads tokens from `from` on until the brace that closes the interpolation.
 * @returns the tokens and the position after that brace
 */
export function readInterpolation(text: string, from: number): { lexemes: Lexeme[]; end: number } {
  const lexemes: Lexeme[] = [];
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const space = match(SPACE, text, at);
    if (space) {
      at += space.length;
      continue;
    }
    if (text[at] === "}" && depth === 0) return { lexemes: [...lexemes, { kind: "end", text: "", at }], end: at + 1 };
    const lexeme = readLexeme(text, at);
    if (lexeme.text === "{" && lexeme.kind === "symbol") depth++;
    if (lexeme.text === "}" && lexeme.kind === "symbol") depth--;
    lexemes.push(lexeme);
    at += lexeme.kind === "template" ? lexeme.text.length + 2 : lexeme.text.length;
  }
  throw new ExpressionSyntaxError(
    `interpolation that begins at ${from - 2} is not closed in ${JSON.stringify(clip(text))}`,
  );
}

/** Tokens of a bare expression, as in `replace_triggered_by` or `moved.from`. */
export function readTokens(text: string): Lexeme[] {
  return readInterpolation(`${text}}`, 0).lexemes;
}

function readLexeme(text: string, at: number): Lexeme {
  if (text[at] === '"') return { kind: "template", text: quotedBody(text, at), at };
  const identifier = match(IDENTIFIER, text, at);
  if (identifier) return { kind: "identifier", text: identifier, at };
  const number = match(NUMBER, text, at);
  if (number) return { kind: "number", text: number, at };
  const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at));
  if (symbol) return { kind: "symbol", text: symbol, at };
  throw new ExpressionSyntaxError(`unexpected ${JSON.stringify(text[at])} at ${at} in ${JSON.stringify(clip(text))}`);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Text between the quotes, escapes untouched; quotes inside interpolations belong to the interpolation. */
function quotedBody(text: string, open: number): string {
  let at = open + 1;
  while (at < text.length) {
    if (text[at] === "\\") at += 2;
    else if (text[at] === '"') return text.slice(open + 1, at);
    else if (isEscapedMarker(text, at)) at += 3;
    else if (text.startsWith("${", at)) at = readInterpolation(text, at + 2).end;
    else at++;
  }
  throw new ExpressionSyntaxError(`quotation that begins at ${open} is not closed in ${JSON.stringify(clip(text))}`);
}

/** `$${` and `%%{` are the literals `${` and `%{`. */
export function isEscapedMarker(text: string, at: number): boolean {
  return text.startsWith("$${", at) || text.startsWith("%%{", at);
}

function clip(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
