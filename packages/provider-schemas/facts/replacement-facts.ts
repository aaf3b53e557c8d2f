/**
 * By resource type: the attributes whose change replaces the resource. A path with dots leads into nested blocks
 * (list indices left out); a path that ends at a block stands for everything in it. An empty list says that the type
 * is known and always changes in place.
 *
 * Source: the resource definitions of the AWS provider 5.46 (`ForceNew` and its plan-time decisions), with
 * corrections from the 6.x line for MSK, ElastiCache, EKS and Secrets Manager; of the Cloudflare provider 5.22
 * (`RequiresReplace`); and the documentation of the Kubernetes, Helm and random providers.
 */
export type ReplacementFacts = Readonly<Record<string, readonly string[]>>;
