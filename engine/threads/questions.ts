import type { Worker } from "node:worker_threads";
import type { Question } from "./follower";
import type { ThreadMessage } from "./thread-report";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Questions to the follower thread that wait for their answers. */
export class Questions {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(private readonly follower: Worker) {
    follower.once("exit", () => this.giveUp());
  }

  ask(question: Question): Promise<unknown> {
    this.last += 1;
    const id = this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.follower.postMessage({ id, question });
    });
  }

  answered(answer: NonNullable<ThreadMessage["answer"]>): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if (answer.error === undefined) waiting?.resolve(answer.value);
    else waiting?.reject(new Error(answer.error));
  }

  private giveUp(): void {
    for (const { reject } of this.waiting.values()) reject(new Error("the engine was closed before it could answer"));
    this.waiting.clear();
  }
}
