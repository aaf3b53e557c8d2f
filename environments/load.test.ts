import { environmentInputs, findProblems, formatProblem, loadEnvironments } from ".";
import { anEnvironment } from "./testing";

type Change = Parameters<typeof anEnvironment>[1];

/** What is wrong, the environment it is wrong in, the change that breaks it, and the one message it must give. */
const BROKEN: readonly [string, Parameters<typeof anEnvironment>[0], Change, string][] = [
  [
    "a malformed range",
    "development",
    (e) => {
      e.regions[0]!.cidr = "10.300.0.0/16";
    },
    'HFT-ENV-001 environments/development.ts regions[0].cidr: "10.300.0.0/16" was given; write an IPv4 range such as "10.20.0.0/16"',
  ],
  [
    "a range with bits behind its prefix",
    "development",
    (e) => {
      e.regions[0]!.cidr = "10.40.1.0/16";
    },
    'HFT-ENV-001 environments/development.ts regions[0].cidr: "10.40.1.0/16" was given; write an IPv4 range such as "10.20.0.0/16"',
  ],
  [
    "regions whose ranges overlap",
    "production",
    (e) => {
      e.regions[1]!.cidr = "10.10.0.0/17";
    },
    "HFT-NET-002 environments/production.ts regions[1].cidr: 10.10.0.0/17 overlaps regions[0].cidr 10.10.0.0/16; choose a range outside it",
  ],
  [
    "pages without an image",
    "production",
    (e) => {
      delete e.images.frontend;
    },
    `HFT-FRO-001 environments/production.ts images.frontend: the frontend has replicas but no image; write "repository@sha256:<64 hex digits>", or remove frontend: the gateway then shows the engine's screen`,
  ],
  [
    "an image of pages that do not run",
    "production",
    (e) => {
      delete e.frontend;
    },
    "HFT-FRO-001 environments/production.ts frontend: the frontend has an image but no number of replicas; write { min, max }, or remove images.frontend",
  ],
  [
    "a site whose range overlaps the VPC",
    "hybrid",
    (e) => {
      e.onPremises!.cidrs = ["10.50.128.0/20"];
    },
    "HFT-NET-002 environments/hybrid.ts onPremises.cidrs[0]: 10.50.128.0/20 overlaps regions[0].cidr 10.50.0.0/16; choose a range outside it",
  ],
  [
    "a range too small for the subnet plan",
    "development",
    (e) => {
      e.regions[0]!.cidr = "10.40.0.0/24";
    },
    'HFT-NET-001 environments/development.ts regions[0].cidr: 10.40.0.0/24 is a /24; AWS and the subnet plan accept a /16 to /20, such as "10.40.0.0/16"',
  ],
  [
    "a public range",
    "development",
    (e) => {
      e.regions[0]!.cidr = "8.8.0.0/16";
    },
    "HFT-NET-004 environments/development.ts regions[0].cidr: 8.8.0.0/16 is not private address space; choose a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
  ],
  [
    "Services in shared address space",
    "development",
    (e) => {
      e.kubernetes.serviceCidr = "100.64.0.0/16";
    },
    "HFT-NET-007 environments/development.ts kubernetes.serviceCidr: 100.64.0.0/16 is not private address space, which EKS requires for Services; choose a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
  ],
  [
    "too few addresses for Services",
    "development",
    (e) => {
      e.kubernetes.serviceCidr = "172.20.0.0/25";
    },
    'HFT-NET-008 environments/development.ts kubernetes.serviceCidr: 172.20.0.0/25 is a /25; EKS accepts a /12 to /24, such as "172.20.0.0/16"',
  ],
  [
    "Services with the addresses of the other region's network",
    "production",
    (e) => {
      e.kubernetes.serviceCidr = "10.20.4.0/24";
    },
    "HFT-NET-002 environments/production.ts kubernetes.serviceCidr: 10.20.4.0/24 overlaps regions[1].cidr 10.20.0.0/16; choose a range outside it",
  ],
  [
    "Services with addresses of the site",
    "hybrid",
    (e) => {
      e.kubernetes.serviceCidr = "192.168.64.0/24";
    },
    "HFT-NET-002 environments/hybrid.ts kubernetes.serviceCidr: 192.168.64.0/24 overlaps onPremises.cidrs[0] 192.168.64.0/20; choose a range outside it",
  ],
  [
    "a repository with its numbers among the names",
    "development",
    (e) => {
      e.repository = "acme@123456/hft-platform@456789";
    },
    'HFT-ENV-001 environments/development.ts repository: "acme@123456/hft-platform@456789" was given; write a repository such as "acme/hft-platform"; its numeric ids, if it has any, go into repositoryIds',
  ],
  [
    "too few zones",
    "production",
    (e) => {
      e.regions[0]!.zones = ["a", "b"];
    },
    'HFT-NET-003 environments/production.ts regions[0].zones: 2 zones for multi-region; name at least 3, such as ["a","b","c"]',
  ],
  [
    "a zone named twice",
    "development",
    (e) => {
      e.regions[0]!.zones = ["a", "a"];
    },
    'HFT-NET-005 environments/development.ts regions[0].zones: ["a","a"] names a zone twice; name each zone once',
  ],
  [
    "a site that nothing reaches",
    "hybrid",
    (e) => {
      delete e.onPremises!.vpn;
      delete e.onPremises!.directConnect;
    },
    "HFT-NET-006 environments/hybrid.ts onPremises: neither vpn nor directConnect is described; describe at least one way to reach the site",
  ],
  [
    "a standby that is the active region",
    "production",
    (e) => {
      e.regions[1]!.name = "eu-west-1";
      e.database.generation = { "eu-west-1": 1 };
    },
    "HFT-REG-002 environments/production.ts regions[1].name: the standby region eu-west-1 is also the active one; choose another region for the standby",
  ],
  [
    "an active region that is not described",
    "production",
    (e) => {
      e.activeRegion = "us-east-1";
    },
    "HFT-REG-003 environments/production.ts activeRegion: us-east-1 is not described; choose one of eu-west-1, eu-central-1",
  ],
  [
    "two regions in one-region architecture",
    "production",
    (e) => {
      e.architecture = "multi-az";
      e.recovery.rpoSeconds = 300;
    },
    'HFT-REG-001 environments/production.ts regions: 2 regions (eu-west-1, eu-central-1) for multi-az; describe one region, or choose "multi-region"',
  ],
  [
    "a missing database generation",
    "production",
    (e) => {
      e.database.generation = { "eu-west-1": 1 };
    },
    "HFT-REG-004 environments/production.ts database.generation.eu-central-1: missing; write 1 for a database that was never rebuilt",
  ],
  [
    "an unsupported Kubernetes version",
    "development",
    (e) => {
      e.kubernetes.version = "1.29";
    },
    "HFT-EKS-001 environments/development.ts kubernetes.version: 1.29 is not in standard support; choose one of 1.34, 1.35, 1.36",
  ],
  [
    "a maximum below the minimum",
    "development",
    (e) => {
      e.nodePools.general.maxNodes = 1;
      e.nodePools.general.minNodes = 3;
    },
    "HFT-SIZ-001 environments/development.ts nodePools.general.maxNodes: 1 is less than the minimum, 3; write 3 or more",
  ],
  [
    "brokers that zones cannot share",
    "production",
    (e) => {
      e.streaming.brokers = 4;
    },
    "HFT-STR-001 environments/production.ts streaming.brokers: 4 brokers cannot be spread evenly over 3 zones; write a multiple of 3",
  ],
  [
    "more replicas than brokers",
    "production",
    (e) => {
      e.streaming.replicationFactor = 5;
    },
    "HFT-STR-002 environments/production.ts streaming.replicationFactor: 5 replicas on 3 brokers; write at most 3",
  ],
  [
    "writes that stop with one broker",
    "production",
    (e) => {
      e.streaming.minInSyncReplicas = 3;
    },
    "HFT-STR-003 environments/production.ts streaming.minInSyncReplicas: 3 of 3 replicas must be in sync, so one broker's restart stops writes; write 2 or less",
  ],
  [
    "a symbol listed twice",
    "development",
    (e) => e.engine.symbols.push(e.engine.symbols[0]!),
    "HFT-ENG-001 environments/development.ts engine.symbols: BTCUSD is listed twice; list each symbol once",
  ],
  [
    "a production whose smoke test would trade in the market of others",
    "production",
    (e) => {
      e.canary = undefined;
    },
    'HFT-CAN-001 environments/production.ts canary: missing in production, so the smoke test would trade in a real market; name a symbol that nobody else trades, { symbol: "TESTUSD", quantity: "1" }, and list it under engine.symbols',
  ],
  [
    "a canary symbol that is not traded",
    "development",
    (e) => {
      e.canary = { symbol: "TESTUSD", quantity: "1" };
    },
    "HFT-CAN-002 environments/development.ts canary.symbol: TESTUSD is not traded; choose one of BTCUSD, ETHUSD",
  ],
  [
    "a canary order that is no whole number of lots",
    "development",
    (e) => {
      e.canary = { symbol: "BTCUSD", quantity: "0.00015" };
    },
    "HFT-CAN-003 environments/development.ts canary.quantity: 0.00015 is not an order of 1 to 1000000 lots of 0.0001 BTCUSD; write 0.0001",
  ],
  [
    "a host name outside of its zone",
    "development",
    (e) => {
      e.edge.hostname = "trade.example.org";
    },
    'HFT-EDG-001 environments/development.ts edge.hostname: trade.example.org is not inside the zone dev.hft.example.com; write a name that ends in ".dev.hft.example.com"',
  ],
  [
    "production without multi-AZ",
    "production",
    (e) => {
      e.database.multiAz = false;
    },
    "HFT-PRD-001 environments/production.ts database.multiAz: false in production; write true: a zone may fail",
  ],
  [
    "production without deletion protection",
    "production",
    (e) => {
      e.database.deletionProtection = false;
    },
    "HFT-PRD-001 environments/production.ts database.deletionProtection: false in production; write true",
  ],
  [
    "production on spot nodes",
    "production",
    (e) => {
      e.nodePools.general.capacity = "spot";
    },
    'HFT-PRD-001 environments/production.ts nodePools.general.capacity: "spot" in production; write "on-demand": spot nodes are reclaimed at two minutes\' notice',
  ],
  [
    "a recovery point that nothing gives",
    "development",
    (e) => {
      e.recovery.rpoSeconds = 10;
    },
    'HFT-REC-001 environments/development.ts recovery.rpoSeconds: 10 s promised, but single-az with these backups achieves 300 s; write 300 or more, or choose "multi-region"',
  ],
  [
    "ticks of nothing, with which no engine starts",
    "development",
    (e) => {
      e.engine.symbols[0]!.tickSize = "0.00";
    },
    'HFT-ENV-001 environments/development.ts engine.symbols[0].tickSize: "0.00" was given; write a decimal above 0, in quotes, such as "0.01"',
  ],
  [
    "lots of nothing",
    "development",
    (e) => {
      e.engine.symbols[1]!.lotSize = "0";
    },
    'HFT-ENV-001 environments/development.ts engine.symbols[1].lotSize: "0" was given; write a decimal above 0, in quotes, such as "0.01"',
  ],
  [
    "a gateway of the site at no address",
    "hybrid",
    (e) => {
      e.onPremises!.vpn!.gatewayAddress = "999.1.1.1";
    },
    'HFT-ENV-001 environments/hybrid.ts onPremises.vpn.gatewayAddress: "999.1.1.1" was given; write a public IPv4 address such as "203.0.113.10"',
  ],
  [
    // EC2 API Reference, CreateCustomerGateway: 1 to 2,147,483,647.
    "an ASN that BgpAsn does not hold",
    "hybrid",
    (e) => {
      e.onPremises!.vpn!.bgpAsn = 4_200_000_000;
    },
    "HFT-ENV-001 environments/hybrid.ts onPremises.vpn.bgpAsn: 4200000000 was given; write at most 2147483647",
  ],
  [
    // CloudWatch Logs API Reference, PutRetentionPolicy.
    "a retention that CloudWatch does not have",
    "development",
    (e) => {
      e.logging.systemRetentionDays = 45;
    },
    "HFT-ENV-001 environments/development.ts logging.systemRetentionDays: 45 was given; write one of the retention periods that CloudWatch supports: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
  ],
  [
    "nothing where something must be",
    "development",
    (e) => {
      e.engine.cpus = 0;
    },
    "HFT-ENV-001 environments/development.ts engine.cpus: 0 was given; write more than 0",
  ],
  [
    "production that anybody's plan may destroy",
    "production",
    (e) => {
      e.destructionProtection = false;
    },
    'HFT-PRD-001 environments/production.ts destructionProtection: false in production; write true; to take the environment down, write lifecycle: "retiring" first',
  ],
  [
    "production that wakes nobody",
    "production",
    (e) => {
      e.monitoring.paging = false;
    },
    "HFT-PRD-001 environments/production.ts monitoring.paging: false in production; write true: critical alerts have to page someone",
  ],
  [
    "production whose alerts have one way out",
    "production",
    (e) => {
      e.monitoring.alertmanagers = 1;
    },
    "HFT-PRD-001 environments/production.ts monitoring.alertmanagers: 1 in production; write at least 2, so that alerts are still delivered while one restarts",
  ],
  [
    "pages of no size",
    "production",
    (e) => {
      delete e.frontendPod;
    },
    "HFT-FRO-002 environments/production.ts frontendPod: the resource requests of the frontend's pods are missing; write { requests, limits }, each with cpuMillicores, memoryMiB and ephemeralMiB",
  ],
  [
    "a misspelt key",
    "development",
    (e) => {
      e.datbase = 1;
    },
    'HFT-ENV-002 environments/development.ts datbase: no such setting; did you mean "database"?',
  ],
  [
    "a missing section",
    "development",
    (e) => {
      delete (e as Record<string, unknown>).edge;
    },
    "HFT-ENV-003 environments/development.ts edge: missing; write a value of type object",
  ],
  [
    "an image without a digest",
    "development",
    (e) => {
      e.images.engine = "engine:latest";
    },
    'HFT-ENV-001 environments/development.ts images.engine: "engine:latest" was given; write a repository and digest, "engine@sha256:<64 hex digits>"',
  ],
  [
    "an unknown instance type",
    "development",
    (e) => {
      e.nodePools.system.instanceTypes = ["t3a.larg"];
    },
    "HFT-POOL-001 environments/development.ts nodePools.system.instanceTypes[0]: the instance type t3a.larg is not in the catalogue; correct it, or add it to vocabulary/lane/instance-catalogue.ts with its source",
  ],
  [
    "alternatives of different size",
    "development",
    (e) => {
      e.nodePools.general.instanceTypes = ["m7i.large", "m7i.xlarge"];
    },
    "HFT-POOL-002 environments/development.ts nodePools.general.instanceTypes: m7i.xlarge (4 CPUs, x86_64) beside m7i.large (2 CPUs, x86_64); choose types with the same number of CPUs and the same architecture: the autoscaler assumes that all match the first",
  ],
  [
    "an unknown type of the lane",
    "production",
    (e) => {
      e.nodePools.lowLatency.instanceType = "c9x.4xlarge";
    },
    "HFT-LANE-001 environments/production.ts nodePools.lowLatency.instanceType: the instance type c9x.4xlarge is not in the catalogue; use one of c7i.xlarge, c7i.2xlarge, c7i.4xlarge, c7i.8xlarge, c7i.12xlarge, c7i.16xlarge, c7i.24xlarge, c7i.metal-24xl, or add it to instance-catalogue.ts with its source",
  ],
  [
    "an engine that asks for more CPUs than are isolated",
    "production",
    (e) => {
      e.engine.cpus = 6;
    },
    'HFT-LANE-009 environments/production.ts engine.cpus: 6 engine CPUs and 1 for daemon sets requested, 6 isolated on c7i.4xlarge; use c7i.8xlarge with "2-15" isolated or isolate "1-7"',
  ],
  [
    "an isolated set with the first CPU",
    "production",
    (e) => {
      e.nodePools.lowLatency.isolatedCpus = "0-3";
    },
    'HFT-LANE-004 environments/production.ts nodePools.lowLatency.isolatedCpus: "0-3" isolated on c7i.4xlarge, which isolates CPU 0, but the system needs it; isolate "2-7"',
  ],
];

describe("an environment", () => {
  it("is right as it stands in its file", () => {
    expect(loadEnvironments(environmentInputs).map(({ name }) => name)).toEqual([
      "development",
      "staging",
      "production",
      "hybrid",
    ]);
  });

  it.each(BROKEN)("is refused for %s, with one readable message", (_, like, change, message) => {
    const problems = findProblems(anEnvironment(like, change));
    expect(problems.map((problem) => formatProblem(`environments/${like}.ts`, problem))).toEqual([message]);
  });

  it("reports the mistakes of all files at once", () => {
    const inputs = {
      development: anEnvironment("development", (draft) => {
        draft.activeRegion = "nowhere";
        draft.budget.monthlyUsd = -1;
      }),
      production: anEnvironment("production", (draft) => {
        draft.edge.ssl = "full";
      }),
    };
    expect(() => loadEnvironments(inputs)).toThrow(
      expect.objectContaining({
        problems: [
          expect.stringContaining("activeRegion"),
          expect.stringContaining("budget.monthlyUsd"),
          expect.stringContaining("edge.ssl"),
        ],
      }),
    );
  });
});
