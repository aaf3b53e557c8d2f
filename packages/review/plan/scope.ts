import { EvaluationError, ExpressionSyntaxError, type Scope, Settled, type Value, type ValueObject } from "../language";
import type { StackConfig } from "../tree";

/** The names that a stack's expressions can use; filled in while the graph is walked. */
export class StackScope implements Scope {
  private readonly locals: Record<string, Value> = {};
  private readonly byType = new Map<string, Record<string, Value>>();
  private readonly data: Record<string, Record<string, Value>> = {};
  private readonly variables: ValueObject;

  constructor(private readonly stack: StackConfig) {
    this.variables = Object.fromEntries(
      Object.entries(stack.variables).map(([name, body]) => [name, defaultOf(name, body)]),
    );
  }

  variable(name: string): Value | undefined {
    switch (name) {
      case "local":
        return this.locals;
      case "var":
        return this.variables;
      case "data":
        return this.data;
      case "path":
        return { module: ".", root: ".", cwd: "." };
      case "terraform":
        return { workspace: "default" };
      case "module":
        // Modules are left to Terraform; what they give out is definite.
        return Object.fromEntries(
          Object.keys(this.stack.modules).map((module) => [module, new Settled(`${this.stack.name}:module.${module}`)]),
        );
      default:
        return this.byType.get(name);
    }
  }

  setLocal(name: string, value: Value): void {
    this.locals[name] = value;
  }

  setResource(mode: "resource" | "data", type: string, name: string, value: Value): void {
    const of = mode === "data" ? (this.data[type] ?? {}) : (this.byType.get(type) ?? {});
    of[name] = value;
    if (mode === "data") this.data[type] = of;
    else this.byType.set(type, of);
  }
}

function defaultOf(name: string, body: unknown): Value {
  const value = typeof body === "object" && body !== null ? (body as { default?: Value }).default : undefined;
  return value === undefined ? new Settled(`var.${name}`) : value;
}

/** Runs an evaluation; the refusal comes back as a text instead of being thrown. */
export function attempt<T>(run: () => T): { readonly value: T } | { readonly refusal: string } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof ExpressionSyntaxError) return { refusal: error.message };
    throw error;
  }
}
