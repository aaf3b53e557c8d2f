import { certManager } from "./cert-manager";
import { clusterAutoscaler } from "./cluster-autoscaler";
import { externalSecrets } from "./external-secrets";
import { loadBalancerController } from "./load-balancer-controller";
import { metricsServer } from "./metrics-server";
import type { Operator, OperatorSite } from "./operator";

/** All that are installed beside the monitoring, which brings the kinds of their monitors. */
export function operatorsBesideMonitoring(site: OperatorSite): Operator[] {
  return [
    metricsServer(),
    clusterAutoscaler(site),
    loadBalancerController(site),
    externalSecrets(site),
    certManager(site),
  ];
}
