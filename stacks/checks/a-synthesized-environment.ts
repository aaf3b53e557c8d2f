import type { KubernetesObject } from "../../charts";
import { environmentInputs, loadEnvironments } from "../../environments";
import type { SynthesizedEnvironment, TerraformBlock } from "../synthesis/synthesized";

type Resources = Record<string, Record<string, TerraformBlock>>;

/** Test data: what an environment became, with only the resources and objects that a check should look at. */
export function aSynthesizedEnvironment(
  name: "development" | "production",
  content: { readonly stacks?: Readonly<Record<string, Resources>>; readonly objects?: readonly KubernetesObject[] },
): SynthesizedEnvironment {
  const [environment] = loadEnvironments({ [name]: environmentInputs[name] });
  return {
    environment: environment!,
    stacks: Object.entries(content.stacks ?? {}).map(([stack, resource]) => ({ name: stack, json: { resource } })),
    manifests: new Map([[environment!.activeRegion, content.objects ?? []]]),
  };
}
