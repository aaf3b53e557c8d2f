import { type KubernetesObject, lostValues } from "../../charts";
import { WRITTEN_BY_OTHERS } from "../manifest-resources";
import { type Check, type PlacedResource, resourcesOf } from "./check";
import { finding } from "./codes";

/**
 * Terraform's provider plans a manifest as it is and ends with "Provider produced inconsistent result after apply" when
 * the API server answers with something else; the object is tainted and replaced by the next deploy. So no manifest
 * holds a value that the server drops, spells otherwise or refuses, and what controllers write into a pod template is
 * named as computed.
 */
export const objectsAreEchoed: Check = ({ stacks }) =>
  stacks
    .flatMap(resourcesOf)
    .filter(({ type }) => type === "kubernetes_manifest")
    .flatMap((resource) => [...notEchoed(resource), ...notComputed(resource)]);

const manifestOf = ({ body }: PlacedResource) => body.manifest as KubernetesObject;

function notEchoed(resource: PlacedResource): string[] {
  const { apiVersion, kind } = manifestOf(resource);
  const lost = lostValues(manifestOf(resource));
  if (!lost) {
    return [
      finding(
        "HFT-SYN-010",
        resource.path,
        `the API server's schema of ${apiVersion}/${kind} is not known here`,
        "add the kind in charts/testing/api-server-types/kinds",
      ),
    ];
  }
  return lost.map(({ field, value, remedy }) =>
    finding("HFT-SYN-010", `${resource.path} ${field}`, JSON.stringify(value), remedy),
  );
}

function notComputed(resource: PlacedResource): string[] {
  const written = WRITTEN_BY_OTHERS[manifestOf(resource).kind];
  const computed = (resource.body.computed_fields ?? []) as readonly string[];
  if (!written || computed.includes(written)) return [];
  return [
    finding(
      "HFT-SYN-011",
      resource.path,
      `computed_fields has no ${written}, where controllers and kubectl write`,
      "deploy it with deployManifests",
    ),
  ];
}
