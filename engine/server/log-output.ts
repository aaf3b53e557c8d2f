import pino from "pino";

/** Lines are collected up to this length, or for this long: one write for many. */
const COLLECTED_CHARACTERS = 32_768;
const COLLECTED_MS = 50;

/** Standard output for the log. Nobody waits for it; what is collected when the process ends is written then. */
export class LogOutput {
  private readonly output = pino.destination({ dest: 1, sync: false });
  private text = "";
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    process.once("exit", () => {
      this.flush();
      this.output.flushSync();
    });
  }

  write(line: string): void {
    this.text += line;
    if (this.text.length >= COLLECTED_CHARACTERS) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), COLLECTED_MS).unref();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.text === "") return;
    this.output.write(this.text);
    this.text = "";
  }
}
