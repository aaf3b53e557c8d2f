import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "@hft/testing";
import type { KubernetesObject } from "../../charts";
import { differences } from "../../charts/testing/api-server-types";
import { FIELD_MANAGER } from "../../stacks/manifest-resources";
import { addedKeys } from "./added-keys";
import { ApiClient } from "./api-client";
import { ApiServer, type ApiServerAnswer } from "./api-server";
import { defineCustomResources, NOT_JUDGED } from "./definitions";
import type { DeployedObject, Site } from "./estate";

/** What the API server says of one cluster's objects. */
export interface Verdict {
  readonly site: string;
  readonly judged: number;
  readonly kinds: number;
  readonly notJudged: number;
  /** Refused, stored otherwise than sent, changed by a second apply, or warned about: a line each. */
  readonly faults: readonly string[];
  /** What `kubectl diff` prints; empty when nothing would change. */
  readonly diff: string;
}

/** Operators' namespaces, in which objects stand that are deployed before the operator's own chart. */
export const namespaceOf = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});

/** Sends one cluster's objects to an API server of its own, twice, and compares what is stored with what was sent. */
export function judgeSite({ name, serviceRange, objects }: Site): Promise<Verdict> {
  return withServer(serviceRange, async (client, server) => {
    const judged = objects.filter(({ object }) => !(kindOf(object) in NOT_JUDGED));
    await createNamespaces(client, judged);
    const faults: string[] = [];
    for (const each of judged) faults.push(...(await judgeObject(client, each)));
    return {
      site: name,
      judged: judged.length,
      kinds: new Set(judged.map(({ object }) => kindOf(object))).size,
      notJudged: objects.length - judged.length,
      faults,
      diff: kubectlDiff(server.kubeconfig(), judged),
    };
  });
}

/** An API server that knows the operators' kinds, for as long as the work takes. */
export async function withServer<T>(
  serviceRange: string,
  work: (client: ApiClient, server: ApiServer) => Promise<T>,
): Promise<T> {
  const server = await ApiServer.start(serviceRange);
  try {
    const client = new ApiClient(server);
    await defineCustomResources(client);
    return await work(client, server);
  } finally {
    await server.remove();
  }
}

/** What the server says of one object: what it refuses, stores otherwise, changes when it gets the same again. */
export async function judgeObject(client: ApiClient, { object, computedFields }: DeployedObject): Promise<string[]> {
  const title = [object.kind, object.metadata.namespace, object.metadata.name].filter(Boolean).join("/");
  const first = await client.apply(object);
  if (first.status >= 300) return [`${title}: refused: ${messageOf(first)}`];
  const second = await client.apply(object);
  return [
    ...first.warnings.map((warning) => `${title}: warning: ${warning}`),
    ...[...differences(object, first.body), ...addedKeys(object, first.body)]
      .filter((path) => !computedFields.some((computed) => path === computed || path.startsWith(`${computed}.`)))
      .map((path) => `${title}: stored otherwise than sent: ${path}`),
    ...(versionOf(first) === versionOf(second) ? [] : [`${title}: changed by a second apply of the same`]),
  ];
}

async function createNamespaces(client: ApiClient, objects: readonly DeployedObject[]): Promise<void> {
  const names = new Set(objects.map(({ object }) => object.metadata.namespace).filter((name) => name !== undefined));
  for (const name of names) await client.apply(namespaceOf(name));
}

/** The real kubectl, as an engineer would ask before a deploy; it exits with 1 where something would change. */
function kubectlDiff(kubeconfig: string, objects: readonly DeployedObject[]): string {
  const folder = mkdtempSync(join(tmpdir(), "hft-diff-"));
  const file = join(folder, "objects.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects.map(({ object }) => object) }));
  const asked = [
    "diff",
    "--server-side",
    "--force-conflicts",
    `--field-manager=${FIELD_MANAGER}`,
    `--filename=${file}`,
  ];
  try {
    return runTool("kubectl", ["--kubeconfig", kubeconfig, ...asked]).output;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const kindOf = ({ apiVersion, kind }: KubernetesObject): string => `${apiVersion}/${kind}`;
const messageOf = ({ body }: ApiServerAnswer) => (body as { message?: string }).message ?? JSON.stringify(body);
const versionOf = ({ body }: ApiServerAnswer) =>
  (body as { metadata?: { resourceVersion?: string } }).metadata?.resourceVersion;
