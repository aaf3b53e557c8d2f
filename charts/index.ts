export { imageRepository } from "./images";
export type { KubernetesObject } from "./kubernetes/manifest";
export { synthesizeManifests } from "./platform";
export { PLATFORM_ENDPOINT_KEYS, type PlatformEndpoints, platformEndpoints } from "./platform-endpoints";
