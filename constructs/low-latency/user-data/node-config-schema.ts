import { z } from "zod";
import { kubeletConfigurationSchema } from "./kubelet-configuration";

/**
 * nodeadm's NodeConfig. Every group is closed: nodeadm decodes strictly.
 * Source: awslabs/amazon-eks-ami, nodeadm/crds/node.eks.aws_nodeconfigs.yaml, July 2026.
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
