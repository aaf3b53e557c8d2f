import type { Construct } from "constructs";
import { RemoteState } from "../constructs";
import type { Environment } from "../environments";
import { PlatformStack } from "./platform-stack";

/** Bootstraps the backend of all other stacks. Its own state is local: nothing could hold it yet. */
export class StateStack extends PlatformStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, layer: "state" });
    new RemoteState(this, "states", {
      names: this.names,
      accountId: environment.accountId,
      regions: environment.regions.map(({ name }) => name),
      protect: environment.stage === "production",
    });
  }
}
