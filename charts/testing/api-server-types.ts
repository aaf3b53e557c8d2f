import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "@hft/testing";
import type { KubernetesObject } from "../kubernetes/manifest";

/** Program made of k8s.io/api, apimachinery and client-go. */
export const API_SERVER_TYPES = "hft-api-server-types";
const FOLDER = join(__dirname, "api-server-types");

/** What is left of an object after it has gone through the API server's own type and etcd's encoding. */
export interface Echo {
  /** False for custom resources. */
  readonly known: boolean;
  readonly object?: KubernetesObject;
  readonly error?: string;
}

export function echoesOf(objects: readonly KubernetesObject[]): Echo[] {
  const { status, output } = runTool(API_SERVER_TYPES, ["echo"], { input: JSON.stringify(objects) });
  if (status !== 0) throw new Error(output);
  return JSON.parse(output);
}

/** Kinds that the table of fields describes. */
export function describedKinds(): string[] {
  return readFileSync(join(FOLDER, "kinds"), "utf8").trim().split("\n");
}

/**
 * The API server fills these in again when it reads a StatefulSet (k8s.io/kubernetes 1.35,
 * pkg/apis/apps/v1/conversion.go).
 */
const FILLED_IN = /^spec\.volumeClaimTemplates\.\d+\.(apiVersion|kind)$/;

/** Fields of a value that its echo lacks or has otherwise; what the echo has besides is a default. */
export function differences(sent: unknown, echoed: unknown, path = ""): string[] {
  if (Array.isArray(sent) && Array.isArray(echoed) && sent.length === echoed.length) {
    return sent.flatMap((item, index) => differences(item, echoed[index], below(path, index)));
  }
  if (isMap(sent) && isMap(echoed)) {
    return Object.entries(sent).flatMap(([key, item]) => differences(item, echoed[key], below(path, key)));
  }
  return JSON.stringify(sent) === JSON.stringify(echoed) || FILLED_IN.test(path) ? [] : [path];
}

const below = (path: string, key: string | number) => (path ? `${path}.${key}` : String(key));
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
