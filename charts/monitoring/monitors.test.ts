import type { IServiceSpec } from "kubernetes-models/v1";
import type { KubernetesObject } from "../kubernetes/manifest";
import { synthesizeManifests } from "../platform";
import { EVERY_SITE } from "../testing/every-site";
import { podTemplates } from "../testing/pod-templates";
import { type Endpoint, mayConnect } from "../testing/reachability";
import { scrapedWorkloads } from "./alerts/cluster-alerts";

interface MonitorSpec {
  readonly jobLabel: string;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly endpoints: readonly { readonly port: string; readonly interval: string }[];
}

const PROMETHEUS: Endpoint = {
  name: "prometheus",
  namespace: "monitoring",
  labels: { "app.kubernetes.io/name": "prometheus" },
};
const within = (selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>> = {}) =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

describe.each(EVERY_SITE)("monitors of %s", (_, environment, region) => {
  const objects = synthesizeManifests(environment, region);
  const monitors = objects.filter(({ kind }) => kind === "ServiceMonitor");
  const serviceOf = ({ metadata, spec }: KubernetesObject) =>
    objects.filter(
      (each) =>
        each.kind === "Service" &&
        each.metadata.namespace === metadata.namespace &&
        within((spec as MonitorSpec).selector.matchLabels, each.metadata.labels),
    );

  it("cover the engine, the gateway, the frontend and the agents, every 15 seconds", () => {
    expect(monitors.map(({ metadata }) => metadata.name).sort()).toEqual([
      "clock-exporter",
      "engine",
      ...(environment.frontend ? ["frontend"] : []),
      "gateway",
      "log-shipper",
    ]);
    const watched = monitors.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    const missed = Object.entries(scrapedWorkloads({ frontend: environment.frontend !== undefined })).flatMap(
      ([place, names]) => names.map((name) => `${place}/${name}`),
    );
    expect(missed.sort()).toEqual(watched.sort());
    for (const { spec } of monitors) {
      for (const { interval } of (spec as MonitorSpec).endpoints) expect(interval).toBe("15s");
    }
  });

  it.each(monitors.map((monitor) => [monitor.metadata.name, monitor] as const))(
    "read %s once, at a port that its pods have and that Prometheus may reach",
    (name, monitor) => {
      const [service, ...others] = serviceOf(monitor);
      expect(others).toEqual([]);
      const { ports = [], selector = {} } = service!.spec as IServiceSpec;
      const pod = podTemplates(objects).find(
        ({ namespace, labels }) => namespace === monitor.metadata.namespace && within(selector, labels),
      )!;
      for (const { port } of (monitor.spec as MonitorSpec).endpoints) {
        const { targetPort } = ports.find((each) => each.name === port)!;
        const number = pod.spec.containers
          .flatMap(({ ports: own = [] }) => own)
          .find((each) => each.name === targetPort)!.containerPort;
        expect(mayConnect(objects, PROMETHEUS, { name, namespace: pod.namespace, labels: pod.labels }, number)).toBe(
          true,
        );
      }
    },
  );
});
