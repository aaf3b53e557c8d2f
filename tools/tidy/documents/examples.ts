import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a page asks its reader to do to the repository, in the order of the page. */
export type Step =
  /** A block of TypeScript whose first line is a comment with its path. */
  | { readonly kind: "file"; readonly path: string; readonly text: string }
  /** `cp from to` */
  | { readonly kind: "copy"; readonly from: string; readonly to: string }
  /** A part of a `diff`: lines that stand there, and those that come in their place. */
  | { readonly kind: "edit"; readonly path: string; readonly from: string; readonly to: string };

/** The steps of a page. */
export function stepsOf(page: string): Step[] {
  return [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, language, body]) => {
    if (language === "ts") return [newFile(body!)];
    if (language === "diff") return editsOf(body!);
    return language === "sh" ? copiesOf(body!) : [];
  });
}

function newFile(body: string): Step {
  const [, path, text] = /^\/\/ (\S+)\n([\s\S]*)$/.exec(body) ?? [];
  if (path === undefined) throw new Error(`a block of TypeScript does not begin with its path: ${body.split("\n")[0]}`);
  return { kind: "file", path, text: text! };
}

const copiesOf = (body: string): Step[] =>
  [...body.matchAll(/^cp (\S+) (\S+)$/gm)].map(([, from, to]) => ({ kind: "copy", from: from!, to: to! }));

/** Hunks are parted by `@@`, and files by `--- path`. */
function editsOf(body: string): Step[] {
  return body
    .split(/^--- /m)
    .slice(1)
    .flatMap((part) => {
      const [path, ...lines] = part.trimEnd().split("\n");
      return lines
        .join("\n")
        .split(/^@@$/m)
        .map((hunk) => {
          const marked = hunk.split("\n").filter((line) => line !== "");
          const side = (drop: string) =>
            marked
              .filter((line) => line[0] !== drop)
              .map((line) => `${line.slice(1)}\n`)
              .join("");
          return { kind: "edit", path: path!, from: side("+"), to: side("-") };
        });
    });
}

/**
 * Does a step in a copy of the repository.
 * @returns the path that was written
 * @throws Error when an edit does not find its place, or finds several
 */
export function perform(step: Step, root: string): string {
  if (step.kind === "copy") {
    copyFileSync(join(root, step.from), join(root, step.to));
    return step.to;
  }
  const file = join(root, step.path);
  if (step.kind === "file") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, step.text);
    return step.path;
  }
  const text = readFileSync(file, "utf8");
  const places = text.split(step.from).length - 1;
  if (places !== 1) throw new Error(`${step.path} has ${places} places that read:\n${step.from}`);
  writeFileSync(
    file,
    text.replace(step.from, () => step.to),
  );
  return step.path;
}
