import { join } from "node:path";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { SecretsmanagerSecretRotation } from "@cdktf/provider-aws/lib/secretsmanager-secret-rotation";
import { AssetType, type ITerraformDependable, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { LogGroup } from "../observability/log-group";
import { archiveFile } from "./code-archive";
import { allow, assumableBy, type Statement } from "./policy";
import type { Secret } from "./secret";
import { ServiceRole } from "./service-role";

const RUNTIME = "nodejs22.x";
/** RDS takes up to two minutes to put a password in force. */
const TIMEOUT_SECONDS = 180;
const MEMORY_MIB = 256;

export interface SecretRotationProps {
  /** Names in the secret's home region. */
  readonly names: Names;
  readonly accountId: string;
  /** What the secret opens; completes the function's name. */
  readonly name: string;
  readonly secret: Secret;
  readonly keyArn: string;
  readonly everyDays: number;
  readonly logRetentionDays: number;
  /** The database whose password the secret is. @default - the value only has to be random */
  readonly database?: { readonly identifier: string; readonly instance: ITerraformDependable };
}

/**
 * Gives a secret a new value at once and every so many days. For a database it also sets the password there, so that
 * the one that Terraform made it with is in force for minutes and known to nobody.
 */
export class SecretRotation extends Construct {
  constructor(scope: Construct, id: string, props: SecretRotationProps) {
    super(scope, id);
    const { names, secret, database } = props;
    const functionName = names.of(`rotate-${props.name}`, 64);
    const logs = new LogGroup(this, "logs", {
      name: `/aws/lambda/${functionName}`,
      keyArn: props.keyArn,
      retentionDays: props.logRetentionDays,
    });
    const role = new ServiceRole(this, "role", {
      names,
      name: `rotate-${props.name}`,
      description: `Rotates the secret ${props.name}`,
      trust: assumableBy("lambda.amazonaws.com"),
      statements: rotationRights(props, functionName),
    });
    const code = archiveFile(join(__dirname, "rotation", "index.mjs"));
    const rotator = new LambdaFunction(this, "function", {
      functionName,
      description: `Rotates the secret ${props.name}`,
      role: role.arn,
      runtime: RUNTIME,
      architectures: ["arm64"],
      handler: "index.handler",
      timeout: TIMEOUT_SECONDS,
      memorySize: MEMORY_MIB,
      filename: new TerraformAsset(this, "code", { path: code.path, type: AssetType.FILE }).path,
      sourceCodeHash: code.hash,
      environment: database ? { variables: { DATABASE_IDENTIFIER: database.identifier } } : undefined,
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      dependsOn: role.rights,
    });
    const permission = new LambdaPermission(this, "permission", {
      functionName: rotator.functionName,
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: props.accountId,
    });
    new SecretsmanagerSecretRotation(this, "rotation", {
      secretId: secret.arn,
      rotationLambdaArn: rotator.arn,
      rotateImmediately: true,
      rotationRules: { automaticallyAfterDays: props.everyDays },
      // A rotation begins with the value that there is; one that begins before it finds a version that is not its own.
      // Source: hashicorp/terraform-provider-aws issue 10619 and pull request 9487.
      dependsOn: [permission, ...secret.firstValue, ...(database ? [database.instance] : [])],
    });
  }
}

/** Source: AWS Secrets Manager User Guide, "Lambda rotation function execution role permissions". */
function rotationRights(
  { names, accountId, secret, keyArn, database }: SecretRotationProps,
  functionName: string,
): Statement[] {
  const rights = [
    allow(
      [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      [secret.arn],
    ),
    allow(["kms:Decrypt", "kms:GenerateDataKey"], [keyArn]),
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [`arn:aws:logs:${names.region}:${accountId}:log-group:/aws/lambda/${functionName}:*`],
    ),
  ];
  if (!database) return rights;
  const instance = `arn:aws:rds:${names.region}:${accountId}:db:${database.identifier}`;
  return [...rights, allow(["rds:ModifyDBInstance", "rds:DescribeDBInstances"], [instance])];
}
