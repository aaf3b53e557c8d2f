import { EC2Client } from "@aws-sdk/client-ec2";
import { ECRClient } from "@aws-sdk/client-ecr";
import { EKSClient } from "@aws-sdk/client-eks";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { IAMClient } from "@aws-sdk/client-iam";
import { KafkaClient } from "@aws-sdk/client-kafka";
import { RDSClient } from "@aws-sdk/client-rds";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { proxyAgents } from "./proxy";

const ATTEMPTS_MAX = 3;
const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 20_000;

export interface RegionClients {
  readonly ec2: EC2Client;
  readonly ecr: ECRClient;
  readonly eks: EKSClient;
  readonly cache: ElastiCacheClient;
  readonly iam: IAMClient;
  readonly kafka: KafkaClient;
  readonly rds: RDSClient;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly quotas: ServiceQuotasClient;
  readonly sts: STSClient;
}

/**
 * Clients of AWS's own SDK, one set a region. Credentials, endpoints and proxies come from the shell as everywhere
 * (`AWS_PROFILE`, `AWS_ENDPOINT_URL`, `HTTPS_PROXY`).
 * @param settings what differs from the shell. @default - nothing
 */
export class AwsClients {
  private readonly byRegion = new Map<string, RegionClients>();
  private readonly handler: NodeHttpHandler;

  constructor(private readonly settings: NodeJS.ProcessEnv) {
    this.handler = new NodeHttpHandler({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      ...proxyAgents(settings),
    });
  }

  in(region: string): RegionClients {
    const known = this.byRegion.get(region);
    if (known) return known;
    const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } =
      this.settings;
    const options = {
      region,
      maxAttempts: ATTEMPTS_MAX,
      requestHandler: this.handler,
      ...(AWS_ENDPOINT_URL ? { endpoint: AWS_ENDPOINT_URL } : {}),
      ...(AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY
        ? {
            credentials: {
              accessKeyId: AWS_ACCESS_KEY_ID,
              secretAccessKey: AWS_SECRET_ACCESS_KEY,
              ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
            },
          }
        : {}),
    };
    const clients: RegionClients = {
      ec2: new EC2Client(options),
      ecr: new ECRClient(options),
      eks: new EKSClient(options),
      cache: new ElastiCacheClient(options),
      iam: new IAMClient(options),
      kafka: new KafkaClient(options),
      rds: new RDSClient(options),
      s3: new S3Client({ ...options, ...(AWS_ENDPOINT_URL_S3 ? { endpoint: AWS_ENDPOINT_URL_S3 } : {}) }),
      secrets: new SecretsManagerClient(options),
      quotas: new ServiceQuotasClient(options),
      sts: new STSClient(options),
    };
    this.byRegion.set(region, clients);
    return clients;
  }
}
