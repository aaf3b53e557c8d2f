import { resourcesOf } from "../checks/check";
import type { SynthesizedEnvironment, SynthesizedStack } from "../synthesis/synthesized";

/** SSM parameters that a stack writes: the contracts it publishes, each with the layer's name as its last part. */
function published({ json }: SynthesizedStack): string[] {
  return Object.values(json.resource?.aws_ssm_parameter ?? {}).map(({ name }) => String(name));
}

function read({ json }: SynthesizedStack): string[] {
  return Object.values(json.data?.aws_ssm_parameter ?? {}).map(({ name }) => String(name));
}

/** The types that make up most of a stack, `12 aws_subnet`. */
function mainTypes(stack: SynthesizedStack, most: number): string[] {
  const counts = new Map<string, number>();
  for (const { type } of resourcesOf(stack)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([type, count]) => `${count} ${type.replace(/^aws_/, "")}`);
}

/**
 * Draws an environment's stacks as a Mermaid flow chart: a box for each with its resources, an arrow for each contract
 * from who publishes it to who reads it. Everything is read out of the synthesized files.
 */
export function stackDiagram({ environment, stacks }: SynthesizedEnvironment): string {
  const id = (name: string) => name.replaceAll("-", "_");
  const box = (stack: SynthesizedStack) => {
    const label = stack.name.replace(`${environment.name}-`, "");
    return `${id(stack.name)}["<b>${label}</b><br/>${resourcesOf(stack).length} resources<br/><small>${mainTypes(stack, 3).join("<br/>")}</small>"]`;
  };
  const regionOf = ({ name }: SynthesizedStack) =>
    environment.regions.find((region) => name.includes(`-${region.name}-`))?.name;
  const regional = environment.regions.flatMap(({ name, role }) => [
    `  subgraph ${id(name)}["${name} (${role})"]`,
    ...stacks.filter((stack) => regionOf(stack) === name).map((stack) => `    ${box(stack)}`),
    "  end",
  ]);
  const arrows = stacks.flatMap((consumer) =>
    read(consumer).flatMap((parameter) =>
      stacks
        .filter((producer) => published(producer).includes(parameter))
        .map((producer) => `  ${id(producer.name)} -->|${parameter.split("/").at(-1)}| ${id(consumer.name)}`),
    ),
  );
  return [
    "flowchart TB",
    ...stacks.filter((stack) => !regionOf(stack)).map((stack) => `  ${box(stack)}`),
    ...regional,
    ...new Set(arrows),
  ].join("\n");
}
