import type { Cloud } from "../cloud/cloud";
import { STORAGE_HOST } from "../terraform/environment-variables";
import type { HttpRequest, HttpResponse } from "./http-endpoint";
import { identity } from "./identity";
import { objectStorage } from "./object-storage";

/** Every call to AWS that does not come through a provider: from Terraform's backend. */
export function awsApi(cloud: Cloud): (request: HttpRequest) => HttpResponse {
  const storage = objectStorage(cloud);
  return (request) => (request.url.hostname.endsWith(STORAGE_HOST) ? storage(request) : identity(request));
}
