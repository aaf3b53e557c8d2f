import type { AlarmDefinition } from "./alarms";

export interface OriginAlarmsProps {
  /** The ends of the ARNs of load balancer and HTTPS target group, by which CloudWatch knows them. */
  readonly loadBalancerArnSuffix: string;
  readonly targetGroupArnSuffix: string;
}

/** What must not happen to the way in. Metrics: "CloudWatch metrics for your Network Load Balancer". */
export function originAlarms({ loadBalancerArnSuffix, targetGroupArnSuffix }: OriginAlarmsProps): AlarmDefinition[] {
  const origin = {
    namespace: "AWS/NetworkELB",
    dimensions: { LoadBalancer: loadBalancerArnSuffix, TargetGroup: targetGroupArnSuffix },
    periodSeconds: 60,
  } as const;
  return [
    {
      ...origin,
      name: "origin-without-gateways",
      description:
        "No gateway answers its health check: the region is out. Cloudflare moves traffic, see the failover runbook.",
      metric: "HealthyHostCount",
      statistic: "Minimum",
      comparison: "<",
      threshold: 1,
      periods: 2,
      silence: "alarm",
    },
    {
      ...origin,
      name: "origin-gateway-unhealthy",
      description: "A gateway has failed its health check for 5 minutes.",
      metric: "UnHealthyHostCount",
      statistic: "Maximum",
      comparison: ">",
      threshold: 0,
      periods: 5,
    },
  ];
}
