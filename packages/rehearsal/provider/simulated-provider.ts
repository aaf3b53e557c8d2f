import {
  type Block,
  dataSourceSchema,
  type ProviderName,
  providerOf,
  providerSchema,
  resourceSchema,
} from "@hft/provider-schemas";
import { behaviourOf } from "../behaviours";
import { defaultValue } from "../behaviours/default-value";
import type { Cloud } from "../cloud/cloud";
import { CloudError } from "../cloud/cloud-error";
import type { Action, Faults } from "../cloud/faults";
import { answer } from "../data-sources";
import { completeBody } from "../planning/completion";
import { planBody } from "../planning/plan-body";
import { overrulesConfiguration, planChange } from "../planning/plan-change";
import { fromJson, toJson } from "../protocol/conversion";
import type { PluginHandlers, PluginRequest } from "../protocol/plugin-server";
import { schemaMessage } from "../protocol/schema-message";
import { hasUnknown, type Json, type JsonObject, knownParts, type ValueObject } from "../protocol/value";
import { decodeBody, encodeBody } from "../protocol/wire";
import { type Configuration, configurationOf } from "./configuration";
import { diagnosticOf } from "./diagnostics";
import { importedObject } from "./import";
import { applyChange, findObject, regionOf, removeResource, type Site } from "./resources";
import type { TypesInUse } from "./types-in-use";

/** What all simulated providers share. */
export interface Simulation {
  readonly cloud: Cloud;
  readonly faults: Faults;
  readonly types: TypesInUse;
}

/** Terraform makes a connection for each configured provider of each command; old ones are forgotten. */
const CONNECTIONS_MAX = 4096;

/** Answers the calls of the provider protocol for one provider. */
export class SimulatedProvider {
  private readonly configurations = new Map<string, Configuration>();

  constructor(
    private readonly name: ProviderName,
    private readonly simulation: Simulation,
  ) {}

  readonly handlers: PluginHandlers = {
    GetProviderSchema: () => this.schemas(),
    ConfigureProvider: (request, connection) => this.configure(request, connection),
    UpgradeResourceState: (request) => this.upgrade(request),
    PlanResourceChange: (request, connection) => this.plan(request, connection),
    ApplyResourceChange: (request, connection) => this.apply(request, connection),
    ReadResource: (request, connection) => this.read(request, connection),
    ReadDataSource: (request, connection) => this.readData(request, connection),
    ImportResourceState: (request, connection) => this.import(request, connection),
    StopProvider: () => {
      this.simulation.faults.interrupt();
      return {};
    },
  };

  private schemas(): object {
    const { resources, dataSources } = this.simulation.types.current();
    const collect = (types: ReadonlySet<string>, schemaOf: (type: string) => Block | undefined) =>
      Object.fromEntries(
        [...types]
          .filter((type) => providerOf(type) === this.name)
          .flatMap((type) => {
            const block = schemaOf(type);
            return block ? [[type, schemaMessage(block)]] : [];
          }),
      );
    return {
      provider: schemaMessage(providerSchema(this.name)),
      resource_schemas: collect(resources, resourceSchema),
      data_source_schemas: collect(dataSources, dataSourceSchema),
    };
  }

  private configure({ config }: PluginRequest, connection: string): object {
    const block = knownParts(decodeBody(providerSchema(this.name), config)) as JsonObject;
    this.configurations.set(connection, configurationOf(this.name, block));
    if (this.configurations.size > CONNECTIONS_MAX) {
      this.configurations.delete(this.configurations.keys().next().value!);
    }
    return {};
  }

  private upgrade({ type_name, raw_state }: PluginRequest): object {
    const schema = requiredSchema(type_name);
    const state = JSON.parse(Buffer.from(raw_state?.json ?? "null").toString("utf8")) as Json;
    return { upgraded_state: encodeBody(schema, fromJson(schema, state)) };
  }

  private plan(request: PluginRequest, connection: string): object {
    const { type_name: type, prior_state, proposed_new_state } = request;
    const site = this.site(type, connection);
    const proposed = decodeBody(site.schema, proposed_new_state);
    if (!proposed) return { planned_state: encodeBody(site.schema, null) };
    const prior = decodeBody(site.schema, prior_state);
    const config = decodeBody(site.schema, request.config) ?? {};
    return this.answering(
      type,
      prior ? "update" : "create",
      nameOf(proposed),
      { planned_state: proposed_new_state },
      () => {
        const { planned, replacement } = planChange({ ...site, prior, proposed, config });
        const attributes = knownParts(planned) as JsonObject;
        const { owner } = site.configuration;
        const region = regionOf(site, planned);
        const refusal = behaviourOf(type).planCheck?.({ type, owner, region, attributes, cloud: site.cloud });
        if (refusal) throw refusal;
        return {
          planned_state: encodeBody(site.schema, planned),
          requires_replace: replacement,
          legacy_type_system: overrulesConfiguration({ type, config }),
        };
      },
    );
  }

  private apply(request: PluginRequest, connection: string): Promise<object> {
    const { type_name: type } = request;
    const site = this.site(type, connection);
    const prior = decodeBody(site.schema, request.prior_state);
    const planned = decodeBody(site.schema, request.planned_state);
    const action = planned ? (prior ? "update" : "create") : "delete";
    // After a refusal Terraform keeps what was: the old state, or none.
    const unchanged = { new_state: encodeBody(site.schema, prior) };
    return this.calling(site, action, (planned ?? prior)!, unchanged, () => {
      if (!planned) {
        removeResource(site, prior!);
        return { new_state: encodeBody(site.schema, null) };
      }
      const config = decodeBody(site.schema, request.config) ?? {};
      return { new_state: encodeBody(site.schema, applyChange(site, planned, config, prior)) };
    });
  }

  private read({ type_name: type, current_state }: PluginRequest, connection: string): object {
    const site = this.site(type, connection);
    const state = decodeBody(site.schema, current_state)!;
    return this.calling(site, "read", state, { new_state: current_state }, () => {
      const object = findObject(site, toJson(site.schema, state));
      return { new_state: encodeBody(site.schema, object ? fromJson(site.schema, object.attributes) : null) };
    });
  }

  private readData({ type_name: type, config }: PluginRequest, connection: string): Promise<object> {
    const schema = dataSourceSchema(type)!;
    const site: Site = { type, schema, configuration: this.configurationOf(connection), cloud: this.simulation.cloud };
    const given = decodeBody(schema, config)!;
    const fault = `data.${type}`;
    return this.calling(
      site,
      "read",
      given,
      {},
      () => {
        const { owner } = site.configuration;
        const region = regionOf(site, given);
        const attributes = knownParts(given) as JsonObject;
        const values = answer({ type, owner, region, config: attributes, cloud: site.cloud });
        const open = planBody(schema, { proposed: given, config: given, prior: null }) as ValueObject;
        const seed = JSON.stringify(attributes);
        const state = completeBody(schema, open, (path, attribute) =>
          path === "region"
            ? region
            : (values[path] ?? defaultValue(type, path, attribute, { attributes, owner, region, seed })),
        );
        return { state: encodeBody(schema, state) };
      },
      fault,
    );
  }

  private import({ type_name: type, id }: PluginRequest, connection: string): Promise<object> {
    const site = this.site(type, connection);
    return this.calling(site, "read", { id }, {}, () => {
      const object = importedObject(site, id);
      return {
        imported_resources: [
          { type_name: type, state: encodeBody(site.schema, fromJson(site.schema, object.attributes)) },
        ],
      };
    });
  }

  /** A call that reaches the service: it can fail, and it fails when its region is lost. */
  private async calling(
    site: Site,
    action: Action,
    subject: ValueObject,
    otherwise: object,
    call: () => object,
    fault = site.type,
  ): Promise<object> {
    return this.answering(site.type, action, nameOf(subject), otherwise, async () => {
      site.cloud.assertReachable(regionOf(site, subject));
      await this.simulation.faults.strike(fault, action);
      return call();
    });
  }

  private async answering(
    type: string,
    action: Action,
    name: string,
    otherwise: object,
    call: () => object | Promise<object>,
  ): Promise<object> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      return { ...otherwise, diagnostics: [diagnosticOf(type, action, name, error)] };
    }
  }

  private site(type: string, connection: string): Site {
    const configuration = this.configurationOf(connection);
    return { type, schema: requiredSchema(type), configuration, cloud: this.simulation.cloud };
  }

  private configurationOf(connection: string): Configuration {
    return this.configurations.get(connection) ?? configurationOf(this.name, {});
  }
}

function requiredSchema(type: string): Block {
  const schema = resourceSchema(type);
  if (!schema) throw new Error(`no installed provider has the resource type ${type}`);
  return schema;
}

function nameOf(body: ValueObject): string {
  const names = [body.name, body.id, body.bucket, body.identifier].filter((value) => !hasUnknown(value));
  const name = names.find((value) => typeof value === "string" && value !== "");
  return (name as string | undefined) ?? "";
}
