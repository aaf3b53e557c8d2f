import type { JsonObject } from "@hft/review";
import type { Random } from "@hft/toolkit";

/** A synthesized stack as JSON, free to be changed. */
export interface MutableStack {
  readonly name: string;
  json: JsonObject;
}

/** What a mutation may look at. */
export interface MutationContext {
  readonly random: Random;
  /** A copy of the stack that is to change. */
  readonly stack: MutableStack;
}

/** One kind of change that people make. */
export interface Mutator {
  readonly kind: string;
  /** Changes the stack; returns what was done, or undefined when there is nothing of the kind to do. */
  apply(scene: MutationContext): string | undefined;
}
