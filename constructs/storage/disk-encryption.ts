import { EbsDefaultKmsKey } from "@cdktf/provider-aws/lib/ebs-default-kms-key";
import { EbsEncryptionByDefault } from "@cdktf/provider-aws/lib/ebs-encryption-by-default";
import { Construct } from "constructs";

export interface DiskEncryptionProps {
  /** Key of the region. */
  readonly keyArn: string;
}

/**
 * Encrypts every disk of the account in this region, whoever makes it, with the platform's key where no other is named.
 * One that lay under AWS's own key could not be copied to the other region under ours. It is a setting of the whole
 * account and region: the account holds one environment.
 */
export class DiskEncryption extends Construct {
  constructor(scope: Construct, id: string, props: DiskEncryptionProps) {
    super(scope, id);
    const encrypted = new EbsEncryptionByDefault(this, "always", { enabled: true });
    new EbsDefaultKmsKey(this, "key", { keyArn: props.keyArn, dependsOn: [encrypted] });
  }
}
