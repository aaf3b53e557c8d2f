import { AwsAccount } from "./account/aws-account";
import { CloudflareEdge } from "./account/cloudflare-edge";
import { HttpImageRegistry } from "./account/http-image-registry";
import { runChecks, type Sources } from "./check";
import { CHECKS } from "./checks";
import type { Finding } from "./finding";
import type { Needs } from "./needs";

/** The account, Cloudflare and the registries that a shell's variables lead to. */
export function sourcesOf({ regions: [home = "us-east-1"] }: Needs, environment: NodeJS.ProcessEnv): Sources {
  return {
    account: new AwsAccount(home, environment),
    edge: new CloudflareEdge(environment),
    registry: new HttpImageRegistry(environment),
  };
}

/** What an account lacks for an environment; it only reads. */
export function preflight(needs: Needs, sources: Sources): Promise<Finding[]> {
  return runChecks(CHECKS, needs, sources);
}
