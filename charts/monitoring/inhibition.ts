/**
 * An alert of the platform that explains others: while it fires, they are held back where they are about the same
 * thing.
 */
interface Explanation {
  readonly cause: string;
  readonly explains: readonly string[];
  /** Labels that name the thing; both alerts carry them. @default - there is one of it in a region */
  readonly of?: readonly string[];
}

/** Each pair is a statement about two alerts. That two of them concern the same component explains nothing. */
export const EXPLANATIONS: readonly Explanation[] = [
  { cause: "StandbyBehind", explains: ["StandbyFallingBehind"] },
  { cause: "PublicEndpointDown", explains: ["PublicEndpointSlow"], of: ["instance"] },
  { cause: "NodeNotReady", explains: ["TargetDown"], of: ["node"] },
  ...["GatewayAvailability", "GatewayLatency", "OrderSuccess"].flatMap((objective) => [
    { cause: `${objective}BurnFast`, explains: [`${objective}BurnSteady`, `${objective}BurnSlow`] },
    { cause: `${objective}BurnSteady`, explains: [`${objective}BurnSlow`] },
  ]),
];

/** Where an alert comes from: those of other charts have no component, and other alerts may have our names. */
const ORIGIN = ["component", "region", "environment"];
const PLACE = ["region", "environment"];

/** Labels that say what an alert of kube-prometheus-stack is about; those that an alert lacks are equal. */
const SUBJECT = [
  ...["namespace", "job", "instance", "service", "node", "pod", "container"],
  ...["persistentvolumeclaim", "device", "mountpoint", "integration", "cluster"],
];

/**
 * What holds what back. To Alertmanager a missing label equals a missing one, so every label in `equal` that tells
 * alerts apart is demanded of both sides. Source: Prometheus, "Alerting configuration", inhibit_rule, equal.
 */
export function inhibitRules() {
  return [
    ...EXPLANATIONS.map(({ cause, explains, of = [] }) => {
      const present = [...ORIGIN, ...of].map((label) => `${label}=~".+"`);
      return {
        source_matchers: [`alertname="${cause}"`, ...present],
        target_matchers: [`alertname=~"${explains.join("|")}"`, ...present],
        equal: [...PLACE, ...of],
      };
    }),
    // One alert with two thresholds: the same thing as critical and as a warning.
    {
      source_matchers: ['alertname=~".+"', 'severity="critical"'],
      target_matchers: ['alertname=~".+"', 'severity="warning"'],
      equal: ["alertname", ...PLACE, ...SUBJECT],
    },
  ];
}
