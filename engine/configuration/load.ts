import { readFileSync } from "node:fs";
import { CONFIGURATION_FILE_VARIABLE, withPlatformEndpoints } from "./endpoints";
import { type ConfigurationProblem, configurationProblems } from "./rules";
import { type EngineConfiguration, engineConfigurationSchema } from "./schema";

/** Names the file and every field that is wrong, so that one look is enough. */
export class ConfigurationError extends Error {
  constructor(
    readonly source: string,
    readonly problems: readonly ConfigurationProblem[],
  ) {
    super(
      problems.map((problem) => `${source}: ${problem.field ? `${problem.field} ` : ""}${problem.message}`).join("\n"),
    );
    this.name = "ConfigurationError";
  }
}

/** Checks what a file or a caller says, against the schema first and then against what the stage demands. */
export function checkConfiguration(input: unknown, source = "configuration"): EngineConfiguration {
  const parsed = engineConfigurationSchema.safeParse(input);
  if (!parsed.success) {
    throw new ConfigurationError(
      source,
      parsed.error.issues.map((issue) => ({ field: issue.path.join("."), message: `is refused: ${issue.message}` })),
    );
  }
  const problems = configurationProblems(parsed.data);
  if (problems.length > 0) throw new ConfigurationError(source, problems);
  return parsed.data;
}

/** The configuration of this process: the file named by ENGINE_CONFIG with the platform's addresses laid over it. */
export function loadConfiguration(environment: NodeJS.ProcessEnv, bareMachine: object = {}): EngineConfiguration {
  const path = environment[CONFIGURATION_FILE_VARIABLE];
  if (!path) return checkConfiguration(withPlatformEndpoints(bareMachine, environment), "defaults");
  return checkConfiguration(withPlatformEndpoints(readJson(path), environment), path);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(path, [{ field: "", message: `cannot be read as JSON: ${reason}` }]);
  }
}
