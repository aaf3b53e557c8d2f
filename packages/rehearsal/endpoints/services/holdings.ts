import { QUOTA_DEFAULT } from "../../account/offers";
import { jsonAnswer, refusal } from "../aws-answer";
import { has, type Operations } from "./service";

export const ECR: Operations = {
  DescribeImages: ({ region, parameters }, { cloud, settings }) => {
    const { repositoryName, imageIds } = parameters as {
      repositoryName: string;
      imageIds: readonly { readonly imageDigest: string }[];
    };
    const found = cloud
      .list({ type: "aws_ecr_repository", region })
      .some(({ attributes }) => attributes.name === repositoryName);
    if (!found) {
      const message = `The repository with name '${repositoryName}' does not exist in the registry`;
      return refusal("ecr", "RepositoryNotFoundException", message);
    }
    const absent = imageIds.find(({ imageDigest }) => !has(settings.images, imageDigest));
    if (absent) return refusal("ecr", "ImageNotFoundException", `The image with ${absent.imageDigest} does not exist`);
    return jsonAnswer({ imageDetails: imageIds.map(({ imageDigest }) => ({ repositoryName, imageDigest })) });
  },
};

export const SERVICE_QUOTAS: Operations = {
  GetServiceQuota: ({ parameters }, { settings }) => {
    const { ServiceCode, QuotaCode } = parameters as Record<string, string>;
    const value = settings.quotas?.[`${ServiceCode}/${QuotaCode}`] ?? QUOTA_DEFAULT;
    return jsonAnswer({ Quota: { ServiceCode, QuotaCode, Value: value } });
  },
};

export const SECRETS_MANAGER: Operations = {
  DescribeSecret: ({ region, parameters }, { cloud, settings }) => {
    const name = String(parameters.SecretId);
    const secret = cloud
      .list({ type: "aws_secretsmanager_secret" })
      .find((each) => each.region === region && each.attributes.name === name);
    if (!secret) {
      const message = "Secrets Manager can't find the specified secret.";
      return refusal("secretsmanager", "ResourceNotFoundException", message);
    }
    const filled = has(settings.secretValues, name);
    return jsonAnswer({ Name: name, ...(filled ? { VersionIdsToStages: { first: ["AWSCURRENT"] } } : {}) });
  },
};
