import { join } from "node:path";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { AssetType, TerraformAsset } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { LogGroup } from "../observability/log-group";
import { archiveFile } from "../security/code-archive";
import { Firewall, Peer } from "../security/firewall";
import { allow, allowAnywhere, assumableBy, deny, type Statement } from "../security/policy";
import { ServiceRole } from "../security/service-role";

const RUNTIME = "nodejs22.x";
/** The longest that Lambda allows: a restored instance answers when it has become available. */
const TIMEOUT_SECONDS = 900;
const MEMORY_MIB = 256;
const DATABASE_PORT = 5432;
const HTTPS_PORT = 443;

export interface RestoreValidationProps {
  readonly names: Names;
  readonly accountId: string;
  readonly vpcId: string;
  /** Private subnets with a way to the APIs of RDS and AWS Backup, and to the restored database. */
  readonly subnetIds: string[];
  readonly keyArn: string;
  readonly logRetentionDays: number;
  /** Restores of this plan are validated. */
  readonly planArn: string;
  /** Identifier of the database that is backed up. */
  readonly databaseIdentifier: string;
  readonly databaseArn: string;
  /** Tables that must be there; every row of them is read. */
  readonly tables: readonly string[];
}

/**
 * Looks into a restored database and tells AWS Backup whether it is one: a restore that has completed may hold nothing,
 * or what nobody can read. The restored database is let in here alone.
 * Source: AWS Backup Developer Guide, "Restore testing validation".
 */
export class RestoreValidation extends Construct {
  /** Security group for restored databases: the validation comes in, and nobody else. */
  readonly restoredFirewallId: string;
  readonly functionName: string;

  constructor(scope: Construct, id: string, props: RestoreValidationProps) {
    super(scope, id);
    this.functionName = props.names.of("validate-restore", 64);
    const own = this.firewall(props, "restore-validation", "Looks into restored databases");
    const restored = this.firewall(props, "restored-database", "Databases of restore tests");
    restored.allowFrom(Peer.group("restore-validation", own.securityGroupId), DATABASE_PORT, "PostgreSQL");
    own.allowTo(Peer.group("restored-database", restored.securityGroupId), DATABASE_PORT, "PostgreSQL");
    own.allowTo(Peer.range("aws", "0.0.0.0/0"), HTTPS_PORT, "APIs of RDS and AWS Backup");
    this.restoredFirewallId = restored.securityGroupId;
    const validator = this.validator(props, own.securityGroupId);
    this.whenRestored(props, validator);
  }

  private firewall({ names, vpcId }: RestoreValidationProps, name: string, description: string): Firewall {
    return new Firewall(this, name, { names, name, description, vpcId });
  }

  private validator(props: RestoreValidationProps, firewallId: string): LambdaFunction {
    const { functionName } = this;
    const logs = new LogGroup(this, "logs", {
      name: `/aws/lambda/${functionName}`,
      keyArn: props.keyArn,
      retentionDays: props.logRetentionDays,
    });
    const role = new ServiceRole(this, "role", {
      names: props.names,
      name: "validate-restore",
      description: "Looks into restored databases",
      trust: assumableBy("lambda.amazonaws.com"),
      statements: rights(props, functionName),
    });
    const code = archiveFile(join(__dirname, "validation", "index.mjs"));
    const validator = new LambdaFunction(this, "function", {
      functionName,
      description: "Reads restored databases and tells AWS Backup what it found",
      role: role.arn,
      runtime: RUNTIME,
      architectures: ["arm64"],
      handler: "index.handler",
      timeout: TIMEOUT_SECONDS,
      memorySize: MEMORY_MIB,
      filename: new TerraformAsset(this, "code", { path: code.path, type: AssetType.FILE }).path,
      sourceCodeHash: code.hash,
      vpcConfig: { subnetIds: props.subnetIds, securityGroupIds: [firewallId] },
      environment: {
        variables: {
          DATABASE_IDENTIFIER: props.databaseIdentifier,
          TABLES: props.tables.join(","),
          // The authorities of RDS (AWS Lambda Developer Guide, "Building Lambda functions with Node.js"): not loaded
          // since Node.js 20.
          NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
        },
      },
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      // Lambda refuses a function in a network whose role may not make interfaces yet.
      dependsOn: role.rights,
    });
    // A second run would find the result of the first; the alarm on its errors has rung already.
    new LambdaFunctionEventInvokeConfig(this, "once", {
      functionName: validator.functionName,
      maximumRetryAttempts: 0,
    });
    return validator;
  }

  private whenRestored({ names, planArn }: RestoreValidationProps, validator: LambdaFunction): void {
    const rule = new CloudwatchEventRule(this, "restored", {
      name: names.of("restore-tested", 64),
      description: "A restore test has put a database back",
      eventPattern: JSON.stringify({
        source: ["aws.backup"],
        "detail-type": ["Restore Job State Change"],
        detail: { status: ["COMPLETED"], resourceType: ["RDS"], restoreTestingPlanArn: [planArn] },
      }),
    });
    new LambdaPermission(this, "permission", {
      functionName: validator.functionName,
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, "validate", { rule: rule.name, arn: validator.arn });
  }
}

/**
 * Source of the network rights: AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon
 * VPC".
 */
function rights({ names, accountId, databaseArn }: RestoreValidationProps, functionName: string): Statement[] {
  return [
    // A restored database has a name that AWS Backup makes up; the real one is denied below.
    allow(["rds:DescribeDBInstances", "rds:ModifyDBInstance"], [`arn:aws:rds:${names.region}:${accountId}:db:*`]),
    deny(["rds:ModifyDBInstance"], [databaseArn], { Sid: "LeavesTheRealOneAlone" }),
    allowAnywhere(["backup:PutRestoreValidationResult"], "Restore jobs have no ARN"),
    allowAnywhere(
      [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
      ],
      "Network interfaces of the function",
    ),
    allow(
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [`arn:aws:logs:${names.region}:${accountId}:log-group:/aws/lambda/${functionName}:*`],
    ),
  ];
}
