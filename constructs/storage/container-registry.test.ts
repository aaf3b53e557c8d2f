import { Synthesized } from "../testing/synthesized";
import { ContainerRegistry } from "./container-registry";

const registry = (replicas?: { region: string; keyArn: string }[], readers?: string[]) =>
  Synthesized.of((scope) => {
    new ContainerRegistry(scope, "registry", {
      accountId: "333333333333",
      repositories: ["hft-production/engine", "hft-production/frontend"],
      home: { region: "eu-west-1", keyArn: "arn:west" },
      replicas,
      readers,
      protect: true,
    });
  });
const replicated = registry([{ region: "eu-central-1", keyArn: "arn:central" }]);

describe("ContainerRegistry", () => {
  it("scans what is pushed, and never lets a tag move", () => {
    for (const repository of replicated.all("aws_ecr_repository")) {
      expect(repository).toMatchObject({
        image_tag_mutability: "IMMUTABLE",
        image_scanning_configuration: { scan_on_push: true },
        force_delete: false,
        lifecycle: { prevent_destroy: true },
      });
    }
  });

  it("has the same repositories in the other region, with that region's key", () => {
    const found = replicated
      .all("aws_ecr_repository")
      .map(({ name, region, encryption_configuration }) => [
        name,
        region,
        (encryption_configuration as { kms_key: string }[])[0]!.kms_key,
      ]);
    expect(found).toEqual([
      ["hft-production/engine", undefined, "arn:west"],
      ["hft-production/engine", "eu-central-1", "arn:central"],
      ["hft-production/frontend", undefined, "arn:west"],
      ["hft-production/frontend", "eu-central-1", "arn:central"],
    ]);
  });

  it("is known to Terraform by names that it takes, and that stay", () => {
    expect(replicated.ids("aws_ecr_repository")).toEqual([
      "repository_hft-production_engine",
      "repository_hft-production_engine-eu-central-1",
      "repository_hft-production_frontend",
      "repository_hft-production_frontend-eu-central-1",
    ]);
  });

  it("copies every repository to the other region, and nothing where there is none", () => {
    expect(replicated.the("aws_ecr_replication_configuration")).toMatchObject({
      replication_configuration: {
        rule: [
          {
            destination: [{ region: "eu-central-1", registry_id: "333333333333" }],
            repository_filter: [
              { filter: "hft-production/engine", filter_type: "PREFIX_MATCH" },
              { filter: "hft-production/frontend", filter_type: "PREFIX_MATCH" },
            ],
          },
        ],
      },
    });
    expect(registry().types()).not.toContain("aws_ecr_replication_configuration");
  });

  it("counts releases by their tag alone, and keeps what belongs to them for longer than anybody goes back", () => {
    const [policy] = registry().all("aws_ecr_lifecycle_policy");
    const { rules } = JSON.parse(String(policy!.policy));
    const [parts, releases] = rules.map(({ selection }: { selection: object }) => selection);
    expect(parts).toMatchObject({ tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 400 });
    expect(releases).toMatchObject({ tagStatus: "tagged", tagPatternList: ["*"], countType: "imageCountMoreThan" });
  });

  it("lets nobody else read, unless a role of another account is named", () => {
    expect(registry().types()).not.toContain("aws_ecr_repository_policy");
    const role = "arn:aws:iam::222222222222:role/hft-staging-global-github-deploy";
    const policies = registry(undefined, [role]).all("aws_ecr_repository_policy");
    expect(policies).toHaveLength(2);
    const [statement] = JSON.parse(String(policies[0]!.policy)).Statement;
    expect(statement.Principal).toEqual({ AWS: ["arn:aws:iam::222222222222:root"] });
    expect(statement.Condition).toEqual({ StringEquals: { "aws:PrincipalArn": [role] } });
    expect(statement.Action.filter((action: string) => /Put|Upload|Delete/.test(action))).toEqual([]);
  });
});
