import type { Cloud } from "../cloud/cloud";
import { AWS_HOST, STORAGE_HOST } from "../terraform/environment-variables";
import type { HttpRequest, HttpResponse } from "./http-endpoint";
import { identity } from "./identity";
import { objectStorage } from "./object-storage";

/** Every call to AWS that does not come through a provider: from Terraform's backend. */
export function awsApi(cloud: Cloud): (request: HttpRequest) => HttpResponse {
  const storage = objectStorage(cloud);
  return (request) => {
    const { hostname } = request.url;
    if (hostname.endsWith(STORAGE_HOST)) return storage(request);
    if (hostname === AWS_HOST) return identity(request);
    return { status: 502, body: `inside the rehearsal ${hostname} cannot be reached; only AWS is simulated` };
  };
}
