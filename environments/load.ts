import { derive, type Environment } from "./derive";
import { environmentSchema } from "./environment";
import { formatProblem, type Problem, problemsFromSchema } from "./problem";
import { RULES } from "./rules";

/** Every mistake of every environment, one a line. Its message is what the user reads. */
export class InvalidEnvironments extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "InvalidEnvironments";
  }
}

/** Mistakes of one environment. Rules run once the fields are well-formed: they compute with them. */
export function findProblems(input: unknown): Problem[] {
  const parsed = environmentSchema.safeParse(input);
  if (!parsed.success) return problemsFromSchema(input, parsed.error);
  return RULES.flatMap((rule) => rule(parsed.data));
}

/**
 * Checks environments together and returns them typed.
 * @param inputs environment by file name without its ending: `production` stands in `environments/production.ts`
 * @throws InvalidEnvironments with all mistakes of all environments
 */
export function loadEnvironments(inputs: Readonly<Record<string, unknown>>): Environment[] {
  const problems = Object.entries(inputs).flatMap(([name, input]) =>
    findProblems(input).map((problem) => formatProblem(`environments/${name}.ts`, problem)),
  );
  if (problems.length > 0) throw new InvalidEnvironments(problems);
  return Object.values(inputs).map((input) => derive(environmentSchema.parse(input)));
}
