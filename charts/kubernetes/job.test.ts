import { Testing } from "cdk8s";
import type { IJob } from "kubernetes-models/batch/v1";
import { declareJob, type JobProps } from "./job";

const PROPS: JobProps = {
  metadata: { name: "migration", namespace: "trading" },
  labels: { app: "migration" },
  annotations: { reason: "a release" },
  deadlineSeconds: 600,
  retries: 3,
  pod: {
    serviceAccountName: "migration",
    containers: [{ name: "migrate", image: "engine", env: [{ name: "A", value: "1" }] }],
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
  },
};
const jobOf = (props: JobProps) => {
  const chart = Testing.chart();
  declareJob(chart, props);
  return (Testing.synth(chart) as (IJob & { metadata: { name: string } })[])[0]!;
};

/** Paths to every value in an object, each as a function that gives back the object with another value there. */
function changesOf<T>(value: T): { readonly path: string; readonly changed: T }[] {
  if (typeof value !== "object" || value === null) {
    return [{ path: "", changed: (typeof value === "string" ? `${value}x` : value) as T }];
  }
  return Object.entries(value).flatMap(([key, item]) =>
    changesOf(item).map(({ path, changed }) => ({
      path: path ? `${key}.${path}` : key,
      changed: (Array.isArray(value)
        ? value.map((each, index) => (String(index) === key ? changed : each))
        : { ...value, [key]: changed }) as T,
    })),
  );
}

// Source: Kubernetes 1.35, pkg/apis/batch/validation, `ValidateJobSpecUpdate`: the template of a job is immutable,
// `backoffLimit` and `activeDeadlineSeconds` are not.
describe("a job's name", () => {
  const { name } = jobOf(PROPS).metadata;

  it.each([
    ...changesOf(PROPS.pod).map(({ path, changed }) => [`pod.${path}`, { ...PROPS, pod: changed }] as const),
    ["labels", { ...PROPS, labels: { app: "other" } }] as const,
    ["annotations", { ...PROPS, annotations: {} }] as const,
  ])("is another one for another %s, which nobody may change in a job", (_, props) => {
    expect(jobOf(props).spec!.template).not.toEqual(jobOf(PROPS).spec!.template);
    expect(jobOf(props).metadata.name).not.toBe(name);
  });

  it.each<[string, Partial<JobProps>]>([
    ["deadline", { deadlineSeconds: 900 }],
    ["number of retries", { retries: 5 }],
  ])("stays for another %s, which is changed in place: the job does not run again", (_, change) => {
    expect(jobOf({ ...PROPS, ...change }).metadata.name).toBe(name);
  });
});
