/** One directive of an NGINX configuration: a name with arguments, and for a block the directives inside. */
export interface Directive {
  readonly name: string;
  readonly args: readonly (string | number)[];
  readonly inside?: readonly Directive[];
}

export const directive = (name: string, ...args: readonly (string | number)[]): Directive => ({ name, args });

export const block = (
  name: string,
  args: readonly (string | number)[],
  inside: readonly (Directive | readonly Directive[])[],
): Directive => ({ name, args, inside: inside.flat() });

/** Characters that end a word or begin a block, a comment or a quotation. */
const NEEDS_QUOTES = /[\s;{}"'#]/;

/** As NGINX reads it. Arguments are quoted where they need it, so a value cannot become a directive. */
export function render(directives: readonly Directive[], indent = ""): string {
  return directives
    .map(({ name, args, inside }) => {
      const head = indent + [name, ...args].map(word).join(" ");
      return inside ? `${head} {\n${render(inside, `${indent}  `)}${indent}}\n` : `${head};\n`;
    })
    .join("");
}

function word(value: string | number): string {
  const text = String(value);
  // A variable in braces, ${name}, is one word for NGINX.
  if (text !== "" && !NEEDS_QUOTES.test(text.replace(/\$\{\w+\}/g, ""))) return text;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
