import { z } from "zod";
import { kubeletConfigurationSchema } from "./kubelet-configuration";

/**
 * nodeadm's NodeConfig. Every group is closed, more so than nodeadm's: that drops a group that it does not know without
 * a word, and a kubelet of 1.35 falls back to lenient decoding, so what is misspelt here would be missed on the node
 * alone. Source: awslabs/amazon-eks-ami of 2026-07-23, nodeadm/crds/node.eks.aws_nodeconfigs.yaml; kubelet 1.35.4,
 * loading of its configuration.
 */
export const nodeConfigSchema = z.strictObject({
  apiVersion: z.literal("node.eks.aws/v1alpha1"),
  kind: z.literal("NodeConfig"),
  metadata: z.looseObject({}).optional(),
  spec: z.strictObject({
    cluster: z
      .strictObject({
        name: z.string().optional(),
        apiServerEndpoint: z.string().optional(),
        certificateAuthority: z.string().optional(),
        cidr: z.string().optional(),
        enableOutpost: z.boolean().optional(),
        id: z.string().optional(),
      })
      .optional(),
    containerd: z
      .strictObject({ config: z.string().optional(), baseRuntimeSpec: z.looseObject({}).optional() })
      .optional(),
    featureGates: z.record(z.string(), z.boolean()).optional(),
    instance: z
      .strictObject({
        environment: z.looseObject({}).optional(),
        localStorage: z.looseObject({}).optional(),
        network: z.looseObject({}).optional(),
      })
      .optional(),
    kubelet: z
      .strictObject({
        config: kubeletConfigurationSchema.optional(),
        flags: z.array(z.string()).optional(),
        maxPodsExpression: z.string().optional(),
      })
      .optional(),
  }),
});
