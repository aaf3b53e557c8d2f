import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { DbSubnetGroup } from "@cdktf/provider-aws/lib/db-subnet-group";
import { EksCluster } from "@cdktf/provider-aws/lib/eks-cluster";
import { EksNodeGroup } from "@cdktf/provider-aws/lib/eks-node-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { App, Fn, S3Backend, TerraformStack, Token } from "cdktf";

/** What differs between two synths of the sample. */
export interface SamplePlatform {
  readonly region: string;
  /** A /16. */
  readonly network: string;
  readonly owner: string;
  readonly databaseProtected: boolean;
  readonly databaseName: string;
}

const SAMPLE: SamplePlatform = {
  region: "eu-west-1",
  network: "10.20.0.0/16",
  owner: "trading",
  databaseProtected: false,
  databaseName: "sample-orders",
};

const ACCOUNT = "222222222222";
const STATE_BUCKET = "sample-states";
const ROLE_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "eks.amazonaws.com" } }],
});

/**
 * A platform in little, as the tests' subject: state, network, cluster, database and workloads in a stack each, which
 * tell each other what they made through a parameter. @returns the stacks' names, in the order of their deployment
 */
export function synthesizeSample(directory: string, changes: Partial<SamplePlatform> = {}): string[] {
  const platform = { ...SAMPLE, ...changes };
  const app = new App({ outdir: directory, stackTraces: false });
  const state = new SampleStack(app, "sample-state", platform, false);
  new S3Bucket(state, "states", { bucket: STATE_BUCKET, forceDestroy: true });
  const network = networkStack(app, platform);
  const cluster = clusterStack(app, platform);
  const data = dataStack(app, platform);
  const workloads = workloadsStack(app, platform);
  network.addDependency(state);
  cluster.addDependency(network);
  data.addDependency(network);
  workloads.addDependency(cluster);
  app.synth();
  return [state, network, cluster, data, workloads].map(({ node: { id } }) => id);
}

class SampleStack extends TerraformStack {
  constructor(app: App, id: string, { region, owner }: SamplePlatform, remote = true) {
    super(app, id);
    new AwsProvider(this, "aws", { region, allowedAccountIds: [ACCOUNT], defaultTags: [{ tags: { owner } }] });
    if (!remote) return;
    new S3Backend(this, { bucket: STATE_BUCKET, key: `${id}.tfstate`, region, encrypt: true });
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }

  publish(name: string, values: object): void {
    new SsmParameter(this, "contract", {
      name: `/sample/${name}`,
      type: "String",
      insecureValue: Fn.jsonencode(values),
    });
  }

  read(name: string, field: string) {
    const id = `${name}-contract`;
    const known = this.node.tryFindChild(id) as DataAwsSsmParameter | undefined;
    const parameter = known ?? new DataAwsSsmParameter(this, id, { name: `/sample/${name}` });
    return Fn.lookupNested(Fn.jsondecode(parameter.insecureValue), [field]);
  }
}

function networkStack(app: App, platform: SamplePlatform): TerraformStack {
  const stack = new SampleStack(app, "sample-network", platform);
  const vpc = new Vpc(stack, "vpc", { cidrBlock: platform.network });
  const subnets = ["a", "b"].map(
    (zone, index) =>
      new Subnet(stack, `subnet-${zone}`, {
        vpcId: vpc.id,
        cidrBlock: Fn.cidrsubnet(vpc.cidrBlock, 8, index),
        availabilityZone: `${platform.region}${zone}`,
      }),
  );
  stack.publish("network", { vpcId: vpc.id, subnetIds: subnets.map(({ id }) => id) });
  return stack;
}

function clusterStack(app: App, platform: SamplePlatform): TerraformStack {
  const stack = new SampleStack(app, "sample-cluster", platform);
  const subnetIds = Token.asList(stack.read("network", "subnetIds"));
  const role = new IamRole(stack, "role", { name: "sample-cluster", assumeRolePolicy: ROLE_POLICY });
  const cluster = new EksCluster(stack, "cluster", { name: "sample", roleArn: role.arn, vpcConfig: { subnetIds } });
  new EksNodeGroup(stack, "nodes", {
    clusterName: cluster.name,
    nodeGroupName: "sample-nodes",
    nodeRoleArn: role.arn,
    subnetIds,
    scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 2 },
  });
  stack.publish("cluster", { endpoint: cluster.endpoint });
  return stack;
}

function dataStack(app: App, platform: SamplePlatform): TerraformStack {
  const stack = new SampleStack(app, "sample-data", platform);
  const subnetIds = Token.asList(stack.read("network", "subnetIds"));
  const group = new DbSubnetGroup(stack, "subnets", { name: "sample", subnetIds });
  new DbInstance(stack, "database", {
    identifier: platform.databaseName,
    instanceClass: "db.t4g.micro",
    engine: "postgres",
    allocatedStorage: 20,
    username: "sample",
    passwordWo: "only-in-the-configuration",
    passwordWoVersion: 1,
    dbSubnetGroupName: group.name,
    deletionProtection: platform.databaseProtected,
    skipFinalSnapshot: true,
  });
  return stack;
}

function workloadsStack(app: App, platform: SamplePlatform): TerraformStack {
  const stack = new SampleStack(app, "sample-workloads", platform);
  new KubernetesProvider(stack, "kubernetes", { host: Token.asString(stack.read("cluster", "endpoint")) });
  const namespace = new Manifest(stack, "namespace", {
    manifest: { apiVersion: "v1", kind: "Namespace", metadata: { name: "trading" } },
  });
  new Manifest(stack, "settings", {
    manifest: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace: "trading" },
      data: { owner: platform.owner },
    },
    dependsOn: [namespace],
  });
  return stack;
}
