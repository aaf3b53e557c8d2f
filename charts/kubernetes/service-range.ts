/** Services' addresses; inside no VPC of ours, since those are private ranges of the environment. */
export const SERVICE_RANGE = "100.64.0.0/16";
/** The cluster's own API is the first of them. Source: Kubernetes, "Service ClusterIP allocation". */
export const API_SERVER_ADDRESS = "100.64.0.1";
