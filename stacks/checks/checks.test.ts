import type { KubernetesObject } from "../../charts";
import { aSynthesizedEnvironment } from "./a-synthesized-environment";
import { manifestsAreClean } from "./manifests-are-clean";
import { namesAreDisjoint } from "./names-are-disjoint";
import { proofsAreFollowed } from "./proofs-are-followed";
import { secretsAreRead, secretsExist } from "./secrets-exist";
import { selectorsMatch } from "./selectors-match";
import { statefulIsGuarded } from "./stateful-is-guarded";

const at = (path: string) => ({ "//": { metadata: { path } } });

describe("namesAreDisjoint", () => {
  const inBothRegions = (name: string, other: string) =>
    aSynthesizedEnvironment("production", {
      stacks: {
        "production-eu-west-1-data": { aws_iam_role: { role: { ...at("production-eu-west-1-data/role"), name } } },
        "production-eu-central-1-data": {
          aws_iam_role: { role: { ...at("production-eu-central-1-data/role"), name: other } },
        },
      },
    });

  it("refuses a name that both regions take, and says who has it", () => {
    expect(namesAreDisjoint(inBothRegions("hft-role", "hft-role"))).toEqual([
      'HFT-SYN-001 production-eu-central-1-data/role: the name "hft-role" is also used by production-eu-west-1-data/role; create names with Names, which includes the region',
    ]);
  });

  it("lets names with a region be", () => {
    expect(namesAreDisjoint(inBothRegions("hft-eu-west-1-role", "hft-eu-central-1-role"))).toEqual([]);
  });
});

describe("statefulIsGuarded", () => {
  const database = {
    ...at("production-eu-west-1-data/orders/database"),
    deletion_protection: true,
    storage_encrypted: true,
    backup_retention_period: 35,
    final_snapshot_identifier: "last",
    lifecycle: { prevent_destroy: true },
  };
  const inStage = (stage: "production" | "development", body: object) =>
    aSynthesizedEnvironment(stage, {
      stacks: { [`${stage}-eu-west-1-data`]: { aws_db_instance: { orders: { ...body } } } },
    });

  it("is content with a database that is protected, backed up and encrypted", () => {
    expect(statefulIsGuarded(inStage("production", database))).toEqual([]);
  });

  it.each([
    ["deletion_protection", false, "deletion_protection = false; set deletion_protection to true"],
    ["storage_encrypted", undefined, "storage_encrypted = nothing; set storage_encrypted to true"],
    ["backup_retention_period", 1, "backup_retention_period = 1; set backup_retention_period to 7 or more"],
    ["final_snapshot_identifier", undefined, "final_snapshot_identifier = nothing; set final_snapshot_identifier"],
    ["lifecycle", undefined, "lifecycle.prevent_destroy = nothing; pass `protect: true` to its construct"],
  ])("refuses a production database without %s", (attribute, value, message) => {
    expect(statefulIsGuarded(inStage("production", { ...database, [attribute]: value }))).toEqual([
      `HFT-SYN-002 production-eu-west-1-data/orders/database: aws_db_instance in production has ${message}`,
    ]);
  });

  it("lets development be cheap", () => {
    expect(statefulIsGuarded(inStage("development", at("x")))).toEqual([]);
  });
});

const deployment = (labels: Record<string, string>): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "gateway", namespace: "front" },
  spec: { template: { metadata: { labels } } },
});
const withObjects = (...objects: KubernetesObject[]) => aSynthesizedEnvironment("development", { objects });

describe("selectorsMatch", () => {
  const service = (selector: Record<string, string>): KubernetesObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "gateway", namespace: "front", labels: { app: "gateway" } },
    spec: { selector },
  });

  it("refuses a Service that selects no pod", () => {
    expect(selectorsMatch(withObjects(deployment({ app: "gateway" }), service({ app: "gatewy" })))).toEqual([
      'HFT-SYN-003 development/eu-west-1/Service/front/gateway: selects no pod with {"app":"gatewy"}; use the labels that its workload gives its pods',
    ]);
  });

  it("refuses a monitor that selects no service", () => {
    const monitor: KubernetesObject = {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name: "engine", namespace: "front" },
      spec: { selector: { matchLabels: { app: "engine" } } },
    };
    expect(selectorsMatch(withObjects(deployment({ app: "gateway" }), service({ app: "gateway" }), monitor))).toEqual([
      expect.stringContaining('ServiceMonitor/front/engine: selects no service with {"app":"engine"}'),
    ]);
  });

  it("looks for pods only where the selector does", () => {
    const elsewhere = { ...deployment({ app: "gateway" }), metadata: { name: "gateway", namespace: "trading" } };
    expect(selectorsMatch(withObjects(elsewhere, service({ app: "gateway" })))).toHaveLength(1);
  });

  it("knows the ordinals of a StatefulSet's pods, and refuses one beyond its replicas", () => {
    const set: KubernetesObject = {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "engine", namespace: "front" },
      spec: { replicas: 2, template: { metadata: { labels: { app: "engine" } } } },
    };
    const ordinal = (index: string) => service({ app: "engine", "apps.kubernetes.io/pod-index": index });
    expect(selectorsMatch(withObjects(set, ordinal("1")))).toEqual([]);
    expect(selectorsMatch(withObjects(set, ordinal("2")))).toHaveLength(1);
  });

  it("lets a policy for all pods of a namespace be", () => {
    const policy: KubernetesObject = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "default-deny", namespace: "front" },
      spec: { podSelector: {} },
    };
    expect(selectorsMatch(withObjects(policy))).toEqual([]);
  });
});

describe("secretsExist", () => {
  const fetching = (key: string) =>
    aSynthesizedEnvironment("development", {
      stacks: {
        "development-global": { aws_secretsmanager_secret: { tokens: { name: "/hft/development/global/x" } } },
      },
      objects: [
        {
          apiVersion: "external-secrets.io/v1",
          kind: "ExternalSecret",
          metadata: { name: "engine", namespace: "trading" },
          spec: { data: [{ remoteRef: { key } }] },
        },
      ],
    });

  it("refuses to fetch a secret that no stack keeps", () => {
    expect(secretsExist(fetching("/hft/development/global/y"))).toEqual([
      "HFT-SYN-009 development/eu-west-1/ExternalSecret/trading/engine: fetches /hft/development/global/y, which no stack creates; choose one of /hft/development/global/x",
    ]);
  });

  it("is content with one that is kept", () => {
    expect(secretsExist(fetching("/hft/development/global/x"))).toEqual([]);
    expect(secretsAreRead(fetching("/hft/development/global/x"))).toEqual([]);
  });

  it("refuses to keep a secret that nothing fetches", () => {
    expect(secretsAreRead(fetching("/hft/development/global/y"))).toEqual([
      expect.stringMatching(/^HFT-SYN-014 .*: creates \/hft\/development\/global\/x, which nothing fetches; remove it/),
    ]);
  });
});

describe("proofsAreFollowed", () => {
  const solvedBy = (dns01: object, selector?: object) =>
    aSynthesizedEnvironment("development", {
      stacks: {
        "development-global": {
          cloudflare_dns_record: { proof: { type: "CNAME", name: "_acme-challenge.trade.dev.example.com" } },
        },
      },
      objects: [
        {
          apiVersion: "cert-manager.io/v1",
          kind: "ClusterIssuer",
          metadata: { name: "acme" },
          spec: { acme: { solvers: [{ dns01, selector }] } },
        },
      ],
    });

  // cert-manager 1.19 documentation, "DNS01": "By default, cert-manager will not follow CNAME records pointing to
  // subdomains."
  it("refuses a solver that would look for the proof where it may not write it", () => {
    expect(proofsAreFollowed(solvedBy({ route53: {} }, { dnsZones: ["dev.example.com"] }))).toEqual([
      "HFT-SYN-015 development/eu-west-1/ClusterIssuer/acme: does not follow the alias _acme-challenge.trade.dev.example.com; set cnameStrategy to Follow",
    ]);
    expect(proofsAreFollowed(solvedBy({ route53: {} }))).toHaveLength(1);
  });

  it("is content where the alias is followed, and where there is none", () => {
    expect(proofsAreFollowed(solvedBy({ cnameStrategy: "Follow", route53: {} }))).toEqual([]);
    expect(proofsAreFollowed(solvedBy({ route53: {} }, { dnsZones: ["other.example.com"] }))).toEqual([]);
  });
});

describe("manifestsAreClean", () => {
  it("refuses a null, wherever it hides", () => {
    const broken = {
      ...deployment({}),
      spec: { template: { spec: { containers: [{ limits: { "hugepages-2Mi": null } }] } } },
    };
    expect(manifestsAreClean(withObjects(broken))).toEqual([
      "HFT-SYN-004 development/eu-west-1/Deployment/front/gateway spec.template.spec.containers.0.limits.hugepages-2Mi: null; remove the field or give it a value",
    ]);
  });

  it("refuses a literal secret in the environment of a container, and lets a file's path be", () => {
    const env = [
      { name: "DATABASE_PASSWORD", value: "hunter2" },
      { name: "DATABASE_PASSWORD_FILE", value: "/secrets/database" },
    ];
    const object = { ...deployment({}), spec: { template: { spec: { containers: [{ env }] } } } };
    expect(manifestsAreClean(withObjects(object))).toEqual([
      "HFT-SYN-005 development/eu-west-1/Deployment/front/gateway spec.template.spec.containers.0.env.0 (DATABASE_PASSWORD): holds a literal secret; mount it as a file from an ExternalSecret",
    ]);
  });

  it("refuses a Secret with a value", () => {
    const secret: KubernetesObject = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "front" },
      stringData: { a: "b" },
    };
    expect(manifestsAreClean(withObjects(secret))).toEqual([
      expect.stringContaining("HFT-SYN-005 development/eu-west-1/Secret/front/s"),
    ]);
  });
});
