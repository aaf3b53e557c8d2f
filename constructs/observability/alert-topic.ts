import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { allow, policyDocument } from "../security/policy";

export interface AlertTopicProps {
  readonly names: Names;
  readonly accountId: string;
  readonly keyArn: string;
  /** Subscribers; each address confirms once by email. */
  readonly emails: readonly string[];
}

/** The SNS topic for a region's alarms. Only CloudWatch may publish to it, and only for alarms of this account. */
export class AlertTopic extends Construct {
  /** ARN that the topic of an environment and region has: for alarms of stacks that are deployed later. */
  static arnOf(names: Names, accountId: string): string {
    return `arn:aws:sns:${names.region}:${accountId}:${names.of("alerts")}`;
  }

  readonly arn: string;

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, "topic", {
      name: props.names.of("alerts"),
      displayName: `Alerts of ${props.names.prefix}`,
      kmsMasterKeyId: props.keyArn,
    });
    this.arn = topic.arn;
    new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: policyDocument(
        allow(["sns:Publish"], [topic.arn], {
          Principal: { Service: ["cloudwatch.amazonaws.com"] },
          Condition: { StringEquals: { "aws:SourceAccount": props.accountId } },
        }),
      ),
    });
    props.emails.forEach((endpoint, index) => {
      new SnsTopicSubscription(this, `email-${index}`, { topicArn: topic.arn, protocol: "email", endpoint });
    });
  }
}
