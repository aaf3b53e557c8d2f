import type { LaneLayers } from "../../constructs/low-latency";

type Json = Record<string, unknown>;
type Resources = Record<string, Record<string, Json>>;

/** Where in the layers a corruption reaches. */
export type Target = "group" | "template" | "placement" | "reservation" | "statefulSet" | "pod" | "container";

/** A copy of a lane's layers that may be corrupted. */
export class MutableLayers {
  readonly layers: LaneLayers & { readonly objects: Json[] };

  constructor(layers: LaneLayers) {
    this.layers = structuredClone({ ...layers, objects: [...layers.objects] as Json[] });
  }

  /** Sets, or with `undefined` removes, the field at a path such as `taint > 0 > effect`. */
  set(target: Target, path: string, value: unknown): void {
    assign(this.find(target), path, value);
  }

  replaceInUserData(given: string, instead: string): void {
    const template = this.find("template");
    const text = Buffer.from(String(template.user_data), "base64").toString();
    if (!text.includes(given)) throw new Error(`the user data has no ${given}`);
    template.user_data = Buffer.from(text.replace(given, instead)).toString("base64");
  }

  setInEngineConfiguration(path: string, value: unknown): void {
    const { data } = this.object("ConfigMap") as { data: Record<string, string> };
    const content = JSON.parse(data["engine.json"]!);
    assign(content, path, value);
    data["engine.json"] = JSON.stringify(content);
  }

  private find(target: Target): Json {
    switch (target) {
      case "group":
        return this.resource("aws_eks_node_group", (body) => "taint" in body);
      case "template":
        return this.resource("aws_launch_template", (body) => "user_data" in body);
      case "placement":
        return this.resource("aws_placement_group", () => true);
      case "reservation":
        return this.resource("aws_ec2_capacity_reservation", () => true);
      case "statefulSet":
        return this.object("StatefulSet");
      case "pod":
        return descend(this.object("StatefulSet"), ["spec", "template"]);
      case "container":
        return descend(this.object("StatefulSet"), ["spec", "template", "spec", "containers", "0"]);
    }
  }

  private resource(type: string, matches: (body: Json) => boolean): Json {
    return Object.values((this.layers.cluster.resource as Resources)[type]!).find(matches)!;
  }

  private object(kind: string): Json {
    return this.layers.objects.find(
      (object: Json) => object.kind === kind && (object.metadata as Json).name === "engine",
    )!;
  }
}

function assign(target: Json, path: string, value: unknown): void {
  const steps = path.split(" > ");
  const field = steps.pop()!;
  const parent = descend(target, steps);
  if (value === undefined) delete parent[field];
  else parent[field] = value;
}

function descend(target: Json, steps: readonly string[]): Json {
  return steps.reduce((parent, step) => {
    if (parent[step] === undefined) throw new Error(`there is no ${step} to corrupt in ${steps.join(" > ")}`);
    return parent[step] as Json;
  }, target);
}
