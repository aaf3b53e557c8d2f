import type { AccountSettings } from "../account/settings";
import type { Cloud } from "../cloud/cloud";
import { AWS_HOST, CLOUDFLARE_HOST, REGISTRY_HOST, STORAGE_HOST } from "../terraform/environment-variables";
import { awsServices } from "./aws-services";
import { cloudflareApi } from "./cloudflare-api";
import type { HttpRequest, HttpResponse } from "./http-endpoint";
import { imageRegistry } from "./image-registry";
import { objectStorage } from "./object-storage";

/**
 * Every call that does not come through a provider: from Terraform's backend, and from who asks what an account has.
 */
export function awsApi(cloud: Cloud, settings: AccountSettings = {}): (request: HttpRequest) => HttpResponse {
  const state = { cloud, settings };
  const storage = objectStorage(cloud, settings);
  const services = awsServices(state);
  const cloudflare = cloudflareApi(state);
  const registry = imageRegistry(state);
  return (request) => {
    const { hostname } = request.url;
    if (hostname.endsWith(STORAGE_HOST)) return storage(request);
    if (hostname === AWS_HOST) return services(request);
    if (hostname === CLOUDFLARE_HOST) return cloudflare(request);
    if (hostname === REGISTRY_HOST) return registry(request);
    return {
      status: 502,
      body: `inside the rehearsal ${hostname} cannot be reached; only AWS and Cloudflare are simulated`,
    };
  };
}
