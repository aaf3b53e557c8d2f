import type { HttpRequest, HttpResponse } from "./http-endpoint";
import { type AccountState, has } from "./services/service";

/** A registry of images: those that the account's settings name, or whichever is asked for. */
export function imageRegistry({ settings }: AccountState): (request: HttpRequest) => HttpResponse {
  return ({ url }) => {
    const [, digest] = /\/manifests\/(sha256:[0-9a-f]{64})$/.exec(url.pathname) ?? [];
    const there = digest !== undefined && has(settings.images, digest);
    return {
      status: there ? 200 : 404,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(there ? { schemaVersion: 2 } : { errors: [{ code: "MANIFEST_UNKNOWN" }] }),
    };
  };
}
