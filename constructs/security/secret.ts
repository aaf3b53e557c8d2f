import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecretsmanagerSecretVersion } from "@cdktf/provider-aws/lib/secretsmanager-secret-version";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";

const RECOVERY_WINDOW_DAYS = 30;

export interface SecretProps {
  readonly names: Names;
  /** What the secret opens: "database". Its name is a path, `/hft/<environment>/<region>/<name>`. */
  readonly name: string;
  readonly description: string;
  /** KMS key in the secret's home region. */
  readonly keyArn: string;
  /** Regions that get a readable copy, under the same name. @default - none */
  readonly replicas?: readonly { readonly region: string; readonly keyArn: string }[];
  /**
   * `generated`: Terraform puts a random first value that nobody has seen, rotation replaces it.
   * `given`: somebody puts the value by `aws secretsmanager put-secret-value`; it comes from outside.
   */
  readonly value: GeneratedValue | "given";
  /** Refuses to plan the secret's destruction, and keeps a deleted one restorable. */
  readonly protect: boolean;
}

/** A value with a `password` that is made up, and constant fields beside it. */
interface GeneratedValue {
  /** Fields beside `password`: the user name. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * A secret in Secrets Manager. Its value is in no file of this platform: not in Git, not in what is synthesized, and
 * not in Terraform's state, since it is written through a write-only argument.
 */
export class Secret extends Construct {
  readonly arn: string;
  readonly secretName: string;
  /** The value that Terraform puts in, for what needs one; nothing where it comes from outside. */
  readonly firstValue: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    const secret = new SecretsmanagerSecret(this, "secret", {
      name: props.names.path(props.name),
      description: props.description,
      kmsKeyId: props.keyArn,
      recoveryWindowInDays: props.protect ? RECOVERY_WINDOW_DAYS : 0,
      replica: props.replicas?.map(({ region, keyArn }) => ({ region, kmsKeyId: keyArn })),
      lifecycle: props.protect ? { preventDestroy: true } : undefined,
    });
    secret.overrideLogicalId(`secret_${props.name}`);
    this.arn = secret.arn;
    this.secretName = secret.name;
    if (props.value !== "given") {
      const first = new SecretsmanagerSecretVersion(this, "first-value", {
        secretId: secret.id,
        // Evaluated at apply, never stored. The version stays 1, so Terraform never writes again.
        secretStringWo: JSON.stringify({ ...props.value.fields, password: THROWAWAY_PASSWORD }),
        secretStringWoVersion: 1,
      });
      this.firstValue.push(first);
    }
  }
}

/** 122 random bits, made anew at each evaluation: for what only has to be unguessable until it is rotated. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's template, not JavaScript's
export const THROWAWAY_PASSWORD = "${uuid()}";
