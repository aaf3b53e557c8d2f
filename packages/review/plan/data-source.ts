import type { Block } from "@hft/provider-schemas";
import {
  EvaluationError,
  hasUnknown,
  keyOf,
  originsOf,
  Settled,
  sameValue,
  Unknown,
  type Value,
  type ValueObject,
} from "../language";
import type { ResourceConfig, StackConfig } from "../tree";
import { policyDocumentOf } from "./policy-document";
import { decideAll } from "./provider-plan";
import { parameterKey, type SharedValues } from "./state";

export interface DataInput {
  readonly stack: string;
  readonly address: string;
  readonly config: ResourceConfig;
  readonly schema: Block;
  readonly body: ValueObject;
  /** Region that the provider works in. */
  readonly region: Value;
  readonly world: SharedValues;
  readonly stacks: readonly StackConfig[];
}

/** A data source whose configuration is known: what a read returns. */
export function readData(input: DataInput): ValueObject {
  const { config, body } = input;
  if (config.type === "aws_ssm_parameter") return readParameter(input) ?? readSettled(input);
  if (config.type === "aws_iam_policy_document") return policyDocumentOf(body, (path) => settledAt(input, path));
  return readSettled(input);
}

/** A data source that is read during apply: everything it decides is open until then. */
export function deferredData(input: DataInput, origins: readonly string[]): ValueObject {
  return decideAll(input.schema, input.body, input.body, () => new Unknown(origins));
}

export function mustWait(body: ValueObject): boolean {
  return hasUnknown(body);
}

/** The cloud's answer depends on nothing but the question. */
function readSettled(input: DataInput): ValueObject {
  return decideAll(input.schema, input.body, input.body, (path) => settledAt(input, path));
}

function settledAt({ config, body, region }: DataInput, path: string): Settled {
  return new Settled(`data.${config.type}(${keyOf(region)},${keyOf(body)}).${path}`, originsOf(body));
}

/** An SSM parameter that a stack of the same tree writes is read from there. */
function readParameter(input: DataInput): ValueObject | undefined {
  const { body, region, world } = input;
  const key = parameterKey(body.region ?? region, body.name ?? null);
  const published = key === undefined ? undefined : world.parameters.get(key);
  if (!published) return undefined;
  const read = readSettled(input) as Record<string, Value>;
  const { resource, value } = published;
  return {
    ...read,
    value,
    insecure_value: value,
    type: resource.type ?? read.type ?? null,
    arn: resource.arn ?? read.arn ?? null,
    version: new Settled(`parameter(${key}).version(${keyOf(value)})`, originsOf(value)),
  };
}

/** `data.terraform_remote_state`: the outputs of the stack that keeps its state in that place. */
export function readRemoteState(input: DataInput): ValueObject {
  const { body, stacks, world, config } = input;
  const producer =
    stacks.find((stack) => stack.name !== input.stack && isStateOf(stack, body)) ?? byName(stacks, config);
  const outputs = producer && world.outputs.get(producer.name);
  if (!producer) {
    const key = `remote-state(${keyOf(body)})`;
    return { ...body, outputs: new Settled(key) };
  }
  if (!outputs)
    throw new EvaluationError(`the state of ${producer.name} is read before it is written; addDependency is missing`);
  return { ...body, outputs };
}

/** The settings that tell one state from another; credentials and regions do not. */
const IDENTITY = [
  "bucket",
  "key",
  "path",
  "prefix",
  "container_name",
  "storage_account_name",
  "organization",
  "workspaces",
  "hostname",
  "address",
];

function isStateOf(stack: StackConfig, body: ValueObject): boolean {
  const config = (body.config ?? {}) as ValueObject;
  const own = stack.backend.config as unknown as ValueObject;
  if (body.backend !== stack.backend.type) return false;
  const given = IDENTITY.filter((name) => name in config || name in own);
  return given.length > 0 && given.every((name) => sameValue(config[name] ?? null, own[name] ?? null));
}

/** cdktf names the data source after the stack. */
function byName(stacks: readonly StackConfig[], config: ResourceConfig): StackConfig | undefined {
  const name = config.name.replace(/^cross-stack-reference-input-/, "");
  return name === config.name ? undefined : stacks.find((stack) => stack.name === name);
}
