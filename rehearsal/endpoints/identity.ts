import { DEFAULT_ACCOUNT } from "../provider/configuration";
import type { HttpRequest, HttpResponse } from "./http-endpoint";

/** The call of STS with which Terraform's backend checks its credentials. */
export function identity({ body }: HttpRequest): HttpResponse {
  const action = new URLSearchParams(body.toString("utf8")).get("Action");
  if (action !== "GetCallerIdentity") {
    return { status: 400, body: `the rehearsal has no ${action}` };
  }
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    body:
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
      `<Arn>arn:aws:iam::${DEFAULT_ACCOUNT}:user/rehearsal</Arn><UserId>REHEARSAL</UserId>` +
      `<Account>${DEFAULT_ACCOUNT}</Account></GetCallerIdentityResult>` +
      `<ResponseMetadata><RequestId>rehearsal</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  };
}
