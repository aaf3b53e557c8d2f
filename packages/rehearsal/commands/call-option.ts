import { dataSourceSchema, resourceSchema } from "@hft/provider-schemas";
import type { Rehearsal } from "../rehearsal";

/** `aws_eks_node_group.create:3`: which call, and how often. */
export function parseFail(text: string): { readonly call: string; readonly times: number } {
  const match = /^((?:data\.)?[a-z0-9_]+\.(?:create|read|update|delete))(?::(\d+))?$/.exec(text);
  if (!match) {
    throw new Error(
      `--fail ${text}: write a resource type, an action and, optionally, how often: aws_eks_node_group.create:3`,
    );
  }
  return { call: existing(match[1]!, `--fail ${text}`), times: Number(match[2] ?? 1) };
}

/** `aws_db_instance.create=5000`: which call, and for how many milliseconds. */
export function parseHang(text: string): { readonly call: string; readonly durationMs: number } {
  const match = /^((?:data\.)?[a-z0-9_]+\.(?:create|read|update|delete))=(\d+)$/.exec(text);
  if (!match) {
    throw new Error(`--hang ${text}: write a resource type, an action and milliseconds: aws_db_instance.create=5000`);
  }
  return { call: existing(match[1]!, `--hang ${text}`), durationMs: Number(match[2]) };
}

/** A fault of a call that nothing makes would never strike, and the rehearsal would look as if it had withstood it. */
function existing(call: string, option: string): string {
  const isData = call.startsWith("data.");
  const type = call.replace(/^data\./, "").split(".")[0]!;
  if ((isData ? dataSourceSchema(type) : resourceSchema(type)) === undefined) {
    const kind = isData ? "data source" : "resource";
    throw new Error(
      `${option}: no installed provider has a ${kind} ${type}; use a type that "npm run rehearse -- status" lists`,
    );
  }
  return call;
}

export interface FaultOptions {
  readonly fail: readonly string[];
  readonly hang: readonly string[];
}

export function breakCalls(rehearsal: Rehearsal, { fail, hang }: FaultOptions): void {
  for (const { call, times } of fail.map(parseFail)) rehearsal.fail(call, times);
  for (const { call, durationMs } of hang.map(parseHang)) rehearsal.hang(call, durationMs);
}
