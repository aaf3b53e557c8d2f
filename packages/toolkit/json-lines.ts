import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "./replace-file";

/** A file of JSON documents, one a line, that only grows: a process that is killed loses at most its last line. */
export class JsonLinesFile<Document> {
  private isWhole = false;

  /**
   * @param options.synced whether what is appended is on the disk when `append` returns. @default false: it survives
   *   this process, not the machine
   */
  constructor(
    readonly path: string,
    private readonly options: { readonly synced?: boolean } = {},
  ) {}

  /** All that was written whole; nothing when there is no file. @throws Error that names the line that is no JSON */
  read(): Document[] {
    return existsSync(this.path) ? documentsIn(readFileSync(this.path, "utf8"), this.path) : [];
  }

  append(...documents: readonly Document[]): void {
    this.dropHalfLine();
    const file = openSync(this.path, "a");
    try {
      writeSync(file, documents.map(jsonLine).join(""));
      if (this.options.synced) fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** Puts other documents in their place, all or none. */
  rewrite(documents: readonly Document[]): void {
    replaceFile(this.path, documents.map(jsonLine).join(""));
    this.isWhole = true;
  }

  /** What a crash left of a line would otherwise run into the next one. */
  private dropHalfLine(): void {
    if (this.isWhole) return;
    this.isWhole = true;
    mkdirSync(dirname(this.path), { recursive: true });
    if (!existsSync(this.path)) return;
    const bytes = readFileSync(this.path);
    const whole = bytes.lastIndexOf("\n") + 1;
    if (whole < bytes.length) truncateSync(this.path, whole);
  }
}

/** A last line without its end was cut off while it was written, and is left out. */
function documentsIn<Document>(text: string, path: string): Document[] {
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .flatMap((line, index) => (line === "" ? [] : [parsed<Document>(line, `${path}:${index + 1}`)]));
}

function parsed<Document>(line: string, place: string): Document {
  try {
    return JSON.parse(line) as Document;
  } catch {
    throw new Error(`${place} is not JSON: the file was edited by hand`);
  }
}

const jsonLine = (document: unknown): string => `${JSON.stringify(document)}\n`;
