import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Yaml } from "cdk8s";
import { environmentInputs, loadEnvironments } from "../environments";
import { synthesizeManifests } from "./platform";

/** Entry of `cdk8s synth`: one file for every environment and region. */
const outputDirectory = process.env.CDK8S_OUTDIR ?? "dist";
const files = loadEnvironments(environmentInputs).flatMap((environment) =>
  environment.regions.map(({ name }) => ({
    path: join(outputDirectory, `${environment.name}-${name}.k8s.yaml`),
    objects: synthesizeManifests(environment, name),
  })),
);
mkdirSync(outputDirectory, { recursive: true });
for (const { path, objects } of files) Yaml.save(path, objects);
