import { resourceSchema } from "@hft/provider-schemas";
import type { Cloud } from "../cloud/cloud";
import type { CloudObject } from "../cloud/cloud-object";
import { planChange } from "../planning/plan-change";
import type { ValueObject } from "../protocol/value";
import type { Configuration } from "../provider/configuration";
import { applyChange, findObject, removeResource, type Site } from "../provider/resources";

/**
 * Makes, changes and removes resources as Terraform's calls do, without Terraform: for tests of rules and behaviours.
 */
export class ASimulatedProvider {
  constructor(
    readonly cloud: Cloud,
    private readonly configuration: Configuration = { owner: "222222222222", region: "eu-west-1", defaultTags: {} },
  ) {}

  in(region: string): ASimulatedProvider {
    return new ASimulatedProvider(this.cloud, { ...this.configuration, region });
  }

  of(owner: string): ASimulatedProvider {
    return new ASimulatedProvider(this.cloud, { ...this.configuration, owner });
  }

  create(type: string, config: ValueObject): ValueObject {
    return this.apply(type, config, null);
  }

  update(type: string, config: ValueObject, prior: ValueObject): ValueObject {
    return this.apply(type, config, prior);
  }

  remove(type: string, state: ValueObject): void {
    removeResource(this.site(type), state);
  }

  find(type: string, state: ValueObject): CloudObject | undefined {
    return findObject(this.site(type), state as never);
  }

  private apply(type: string, config: ValueObject, prior: ValueObject | null): ValueObject {
    const site = this.site(type);
    const proposed = this.proposal(site, config, prior);
    const { planned } = planChange({ ...site, prior, proposed, config });
    return applyChange(site, planned, config, prior);
  }

  /** What Terraform proposes: the configuration, and for the rest of what is computed the value it had. */
  private proposal({ schema }: Site, config: ValueObject, prior: ValueObject | null): ValueObject {
    const attributes = Object.entries(schema.attributes).map(([name, { computed }]) => [
      name,
      config[name] ?? (computed ? (prior?.[name] ?? null) : null),
    ]);
    const blocks = Object.keys(schema.blocks).map((name) => [name, config[name] ?? []]);
    return Object.fromEntries([...attributes, ...blocks]);
  }

  private site(type: string): Site {
    return { type, schema: resourceSchema(type)!, configuration: this.configuration, cloud: this.cloud };
  }
}
