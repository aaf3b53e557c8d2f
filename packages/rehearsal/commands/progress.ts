import pc from "picocolors";
import type { ProgressEvent } from "../terraform/deployment";

const CLEAR_LINE = "\r\u001b[2K";

/** Shows what Terraform is doing: a line for each finished stack and, on a terminal, one that follows the resources. */
export class Progress {
  private resources = 0;
  private readonly announced = new Set<string>();

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  readonly show = (event: ProgressEvent): void => {
    if (event.kind === "resource-started" && !this.announced.has(event.stack)) {
      this.announced.add(event.stack);
      this.line(`${pc.cyan("▸")} ${event.stack}`);
    }
    if (event.kind === "resource-done") {
      this.resources += 1;
      this.follow(event);
    }
    if (event.kind === "stack-done") {
      this.line(`${pc.green("✔")} ${event.stack}  ${pc.dim(event.text.replace(/^.*Resources: /, ""))}`);
    }
  };

  end(): void {
    if (this.stream.isTTY) this.stream.write(CLEAR_LINE);
  }

  private follow({ stack, address = "" }: ProgressEvent): void {
    if (!this.stream.isTTY) return;
    const text = `  ${this.resources} resources  ${stack}  ${address}`;
    this.stream.write(CLEAR_LINE + pc.dim(text.slice(0, (this.stream.columns ?? 80) - 1)));
  }

  private line(text: string): void {
    this.stream.write(`${this.stream.isTTY ? CLEAR_LINE : ""}${text}\n`);
  }
}
