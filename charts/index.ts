export type { AwsNeed, PodIdentity } from "./aws-needs";
export { type BackupFolder, backupRetention } from "./backup/folders";
export { CLOUDFLARE_RANGES } from "./gateway/cloudflare-ranges";
export { GATEWAY_PORTS } from "./gateway/gateway";
export { imageRepository } from "./images";
export type { KubernetesObject } from "./kubernetes/manifest";
export { ALERTMANAGER_SECRET } from "./monitoring/alertmanager";
export { podIdentities, synthesizeManifests } from "./platform";
export { PLATFORM_ENDPOINT_KEYS, type PlatformEndpoints, platformEndpoints } from "./platform-endpoints";
