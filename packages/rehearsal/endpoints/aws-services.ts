import { refusal } from "./aws-answer";
import { awsRequest } from "./aws-request";
import type { HttpRequest, HttpResponse } from "./http-endpoint";
import { EC2 } from "./services/ec2";
import { ECR, SECRETS_MANAGER, SERVICE_QUOTAS } from "./services/holdings";
import { IAM, STS } from "./services/iam";
import type { AccountState, Operations } from "./services/service";
import { EKS, ELASTICACHE, KAFKA, RDS } from "./services/versions";

/** Services that answer questions about the account, by the name in the signature. */
const SERVICES: Readonly<Record<string, Operations>> = {
  ec2: EC2,
  ecr: ECR,
  eks: EKS,
  elasticache: ELASTICACHE,
  iam: IAM,
  kafka: KAFKA,
  rds: RDS,
  secretsmanager: SECRETS_MANAGER,
  servicequotas: SERVICE_QUOTAS,
  sts: STS,
};

/** Reads of services that do not go through a provider: from SDKs and the AWS CLI. */
export function awsServices(state: AccountState): (request: HttpRequest) => HttpResponse {
  return (http) => {
    const request = awsRequest(http);
    if (!request) return { status: 400, body: "the rehearsal answers only signed requests" };
    const { service, region, operation } = request;
    const answer = SERVICES[service]?.[operation];
    if (!answer) return refusal(service, "InvalidAction", `the rehearsal has no ${service} ${operation}`);
    if (state.cloud.lostRegions().includes(region)) {
      return refusal(service, "RegionUnreachable", `no endpoint in ${region} answers: the region is lost`, 403);
    }
    const action = `${service}:${operation}`;
    if (state.settings.denied?.includes(action)) {
      return refusal(service, "AccessDeniedException", `not authorized to perform: ${action}`, 403);
    }
    return answer(request, state);
  };
}
