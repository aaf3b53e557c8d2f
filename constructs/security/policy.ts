/** One statement of an IAM policy. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  readonly Sid?: string;
}

type Extras = Pick<Statement, "Condition" | "Principal" | "Sid">;

/** Allows actions on resources. A `*` as the only resource needs `allowAnywhere`, with its reason. */
export function allow(actions: readonly string[], resources: readonly string[], extras: Extras = {}): Statement {
  if (resources.includes("*")) {
    throw new Error(
      `${actions.join(", ")} on every resource; name the resources, or use allowAnywhere with the reason`,
    );
  }
  return { Effect: "Allow", Action: actions, Resource: resources, ...extras };
}

/**
 * Allows actions that AWS cannot restrict to a resource, or that are restricted by a condition instead.
 * @param reason why no resource can be named; it becomes the statement's Sid, so that reviewers see it in AWS too
 */
export function allowAnywhere(actions: readonly string[], reason: string, extras: Extras = {}): Statement {
  const sid = reason
    .replace(/[^A-Za-z0-9 ]/g, "")
    .replace(/(?:^| +)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return { Effect: "Allow", Action: actions, Resource: ["*"], Sid: sid, ...extras };
}

export function deny(actions: readonly string[], resources: readonly string[], extras: Extras = {}): Statement {
  return { Effect: "Deny", Action: actions, Resource: resources, ...extras };
}

/** A policy as the JSON text that IAM takes. Literal, so that a review reads it without credentials. */
export function policyDocument(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Trust policy of a role that an AWS service assumes. */
export function assumableBy(...services: readonly string[]): string {
  return policyDocument({ Effect: "Allow", Action: ["sts:AssumeRole"], Principal: { Service: services } });
}

/**
 * Trust policy of a role that a service assumes for things in this account alone: no other account can make the service
 * use it. Only for services whose documentation names the condition; others assume a role without a source account.
 */
export function assumableWithin(accountId: string, service: string, sourceArn?: string): string {
  return policyDocument({
    Effect: "Allow",
    Action: ["sts:AssumeRole"],
    Principal: { Service: [service] },
    Condition: {
      StringEquals: { "aws:SourceAccount": accountId },
      ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
    },
  });
}

/** Trust policy of a role that pods assume through EKS Pod Identity. Source: EKS User Guide, "Pod Identity role". */
export function assumableByPods(): string {
  return policyDocument({
    Effect: "Allow",
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Principal: { Service: "pods.eks.amazonaws.com" },
  });
}
