import { LocalBackend } from "cdktf";
import type { Construct } from "constructs";
import { RemoteState } from "../constructs";
import { type Environment, isProtected } from "../environments";
import { PlatformStack } from "./platform-stack";

/** Bootstraps the backend of all other stacks. Its own state is local: nothing could hold it yet. */
export class StateStack extends PlatformStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, layer: "state" });
    // Beside cdktf.json, seen from the stack's own folder: cdktf's default is an absolute path of the machine that
    // synthesizes.
    new LocalBackend(this, { path: `../../../terraform.${this.node.id}.tfstate` });
    new RemoteState(this, "states", {
      names: this.names,
      accountId: environment.accountId,
      regions: environment.regions.map(({ name }) => name),
      protect: isProtected(environment),
    });
  }
}
