import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

const PROOF_TTL_SECONDS = 60;

export interface CertificateProps {
  readonly hostname: string;
  /** Public zone of the host name, for the DNS validation record. */
  readonly zoneId: string;
  /**
   * Region of the service that uses the certificate; CloudFront accepts only those in us-east-1.
   * @default - the provider's
   */
  readonly region?: string;
}

/** A certificate of AWS Certificate Manager, which renews it as long as the validation record exists. */
export class Certificate extends Construct {
  /** ARN of the certificate, which exists as soon as ACM has seen the proof. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    const { hostname, zoneId, region } = props;
    const certificate = new AcmCertificate(this, "certificate", {
      region,
      domainName: hostname,
      validationMethod: "DNS",
      keyAlgorithm: "EC_prime256v1",
      // A certificate in use cannot be deleted.
      lifecycle: { createBeforeDestroy: true },
    });
    const proof = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, "proof", {
      zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: PROOF_TTL_SECONDS,
      allowOverwrite: true,
    });
    this.arn = new AcmCertificateValidation(this, "validation", {
      region,
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }
}
