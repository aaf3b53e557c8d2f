/** One program that a line starts, with the words that it gets. */
export interface ShellCall {
  readonly program: string;
  readonly words: readonly string[];
}

/** Words of a shell that start no program of their own. */
const KEYWORDS = ["do", "then", "else", "if", "while", "until", "!", "{"];
const ENDS_OF_BLOCKS = ["done", "fi", "}", "exit", "break", "true", "false"];

/**
 * The programs that a line of a POSIX shell starts, those inside `sh -c` and `$(…)` too. It knows what the documents
 * use: quotes, pipes, lists, redirections, assignments, comments, `for` and `if`. The shell itself judges the syntax in
 * the test.
 */
export function callsOf(line: string): ShellCall[] {
  const nested: string[] = [];
  const calls = split(line, nested).flatMap((words) => callOf(words));
  return [...calls.flatMap(unwrap), ...nested.flatMap(callsOf)];
}

function callOf(words: readonly string[]): ShellCall[] {
  const rest = [...words];
  while (rest.length > 0 && (KEYWORDS.includes(rest[0]!) || /^\w+=/.test(rest[0]!))) rest.shift();
  const [program, ...others] = rest;
  if (program === undefined || program === "for" || ENDS_OF_BLOCKS.includes(program)) return [];
  return [{ program, words: others }];
}

/** What a shell is given as text is read like a line of its own. */
function unwrap(call: ShellCall): ShellCall[] {
  return call.program === "sh" && call.words[0] === "-c" ? callsOf(call.words[1] ?? "") : [call];
}

/** Commands as lists of words. @param nested - gets what stands in `$(…)` */
function split(line: string, nested: string[]): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const end = () => {
    if (word !== undefined) commands.at(-1)!.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at]!;
    if (character === "'") {
      const close = line.indexOf("'", at + 1);
      word = (word ?? "") + line.slice(at + 1, close);
      at = close;
    } else if (character === '"') {
      const { text, close } = doubleQuoted(line, at, nested);
      word = (word ?? "") + text;
      at = close;
    } else if (line.startsWith("$(", at)) {
      const close = closingParenthesis(line, at + 1);
      nested.push(line.slice(at + 2, close));
      word = `${word ?? ""}substituted`;
      at = close;
    } else if (character === "\\") {
      word = (word ?? "") + (line[++at] ?? "");
    } else if (/\s/.test(character)) {
      end();
      if (character === "\n") commands.push([]);
    } else if (character === "#" && word === undefined) {
      const close = line.indexOf("\n", at);
      at = close === -1 ? line.length : close - 1;
    } else if (/[|;&]/.test(character)) {
      end();
      commands.push([]);
    } else {
      word = (word ?? "") + character;
    }
  }
  end();
  return commands.filter((words) => words.length > 0).map(withoutRedirections);
}

function doubleQuoted(line: string, open: number, nested: string[]): { text: string; close: number } {
  let text = "";
  let at = open + 1;
  for (; at < line.length && line[at] !== '"'; at++) {
    if (line.startsWith("$(", at)) {
      const close = closingParenthesis(line, at + 1);
      nested.push(line.slice(at + 2, close));
      text += "substituted";
      at = close;
    } else text += line[at] === "\\" ? (line[++at] ?? "") : line[at];
  }
  return { text: withExamples(text), close: at };
}

/** A variable that the shell demands stands for the example in its own message: `${TIME:?set it, as in 2026-03-02}`. */
function withExamples(text: string): string {
  return text.replace(/\$\{\w+:\?[^}]* as in ([^}\s]+)\}/g, "$1");
}

function closingParenthesis(line: string, open: number): number {
  let depth = 0;
  for (let at = open; at < line.length; at++) {
    if (line[at] === "(") depth += 1;
    if (line[at] === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return line.length;
}

function withoutRedirections(words: readonly string[]): string[] {
  return words.filter((word, at) => !/^\d?[<>]/.test(word) && !/^\d?(>>?|<)$/.test(words[at - 1] ?? ""));
}
