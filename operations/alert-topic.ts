import { environmentInputs, loadEnvironments } from "../environments";
import { alertTopicOf } from "../stacks";

/** Prints the ARN of the topic at which an environment's alerts arrive: for workflows. */
const [name = ""] = process.argv.slice(2);
const input = environmentInputs[name];
if (input) {
  const [environment] = loadEnvironments({ [name]: input });
  process.stdout.write(`${alertTopicOf(environment!)}\n`);
} else {
  process.stderr.write(`no environment "${name}"; choose one of: ${Object.keys(environmentInputs).join(", ")}\n`);
  process.exitCode = 1;
}
