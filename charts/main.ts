import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Yaml } from "cdk8s";
import { environmentInputs, InvalidEnvironments, loadEnvironments } from "../environments";
import { synthesizeManifests } from "./platform";

/** Entry of `cdk8s synth`: one file for every environment and region, written only when all of them are right. */
const outputDirectory = process.env.CDK8S_OUTDIR ?? "dist";

try {
  const files = loadEnvironments(environmentInputs).flatMap((environment) =>
    environment.regions.map(({ name }) => ({
      path: join(outputDirectory, `${environment.name}-${name}.k8s.yaml`),
      objects: synthesizeManifests(environment, name),
    })),
  );
  mkdirSync(outputDirectory, { recursive: true });
  for (const { path, objects } of files) Yaml.save(path, objects);
} catch (error) {
  if (!(error instanceof InvalidEnvironments)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
