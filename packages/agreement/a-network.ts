// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import { join } from "node:path";
import { aDirectory, type JsonObject, type TreeDirectory } from "@hft/review";

/** A small tree of two stacks that share a contract, with their states in a folder. */
export function aNetwork(
  states: string,
  change: { readonly cidr?: string; readonly tag?: string; readonly hostnames?: boolean } = {},
): TreeDirectory {
  const { cidr = "10.0.0.0/16", tag = "first", hostnames = true } = change;
  return aDirectory()
    .withStack("network", {
      ...frame(states, "network"),
      resource: {
        aws_vpc: { main: { cidr_block: cidr, enable_dns_hostnames: hostnames } },
        aws_subnet: {
          a: { vpc_id: "${aws_vpc.main.id}", cidr_block: `\${cidrsubnet(aws_vpc.main.cidr_block, 8, 1)}`, availability_zone: "eu-west-1a" },
          b: { vpc_id: "${aws_vpc.main.id}", cidr_block: `\${cidrsubnet(aws_vpc.main.cidr_block, 8, 2)}`, availability_zone: "eu-west-1b" },
        },
        aws_ssm_parameter: {
          contract: {
            name: "/net",
            type: "String",
            insecure_value: '${jsonencode({"vpcId" = aws_vpc.main.id, "subnetIds" = [aws_subnet.a.id, aws_subnet.b.id], "tag" = "${TAG}"})}'.replace("${TAG}", tag),
          },
        },
      },
    })
    .withStack(
      "data",
      {
        ...frame(states, "data"),
        data: { aws_ssm_parameter: { net: { name: "/net" } } },
        resource: {
          aws_security_group: { db: { name: "db", vpc_id: "${jsondecode(data.aws_ssm_parameter.net.insecure_value).vpcId}" } },
          aws_vpc_security_group_ingress_rule: {
            postgres: { security_group_id: "${aws_security_group.db.id}", cidr_ipv4: "10.0.0.0/8", ip_protocol: "tcp", from_port: 5432, to_port: 5432 },
          },
          aws_db_subnet_group: { main: { name: "orders", subnet_ids: "${jsondecode(data.aws_ssm_parameter.net.insecure_value).subnetIds}" } },
          aws_db_instance: {
            orders: {
              identifier: "orders", engine: "postgres", instance_class: "db.r7g.large", allocated_storage: 100, multi_az: true,
              db_subnet_group_name: "${aws_db_subnet_group.main.name}", vpc_security_group_ids: ["${aws_security_group.db.id}"],
              backup_retention_period: 7, storage_encrypted: true, username: "hft", manage_master_user_password: true, skip_final_snapshot: true,
            },
          },
          aws_iam_role: { reader: { name: "reader", tags: { network: "${jsondecode(data.aws_ssm_parameter.net.insecure_value).tag}" }, assume_role_policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}' } },
        },
      },
      ["network"],
    ); // biome-ignore format: one resource a line
}

function frame(states: string, stack: string): JsonObject {
  return {
    "//": { metadata: { backend: "local", stackName: stack, version: "0.21.0" }, outputs: {} },
    terraform: {
      backend: { local: { path: join(states, `${stack}.tfstate`) } },
      required_providers: { aws: { source: "aws", version: "6.71.0" } },
    },
    provider: { aws: [{ region: "eu-west-1", default_tags: [{ tags: { owner: "trading" } }] }] },
  };
}
