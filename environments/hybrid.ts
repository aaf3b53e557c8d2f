import type { EnvironmentInput } from "./environment";

/**
 * Engine and primary data stay with the exchange; front, analytics and streaming run in the cloud, joined by VPN and
 * Direct Connect.
 */
export const hybrid: EnvironmentInput = {
  name: "hybrid",
  stage: "production",
  architecture: "multi-az",
  lifecycle: "live",
  destructionProtection: true,
  accountId: "444444444444",
  owner: "trading-platform",
  costCentre: "trading-hybrid",
  dataClass: "restricted",
  regions: [{ name: "eu-west-2", cidr: "10.50.0.0/16", zones: ["a", "b", "c"] }],
  activeRegion: "eu-west-2",
  kubernetes: {
    version: "1.35",
    serviceCidr: "172.20.0.0/16",
    publicAccessCidrs: [],
    access: {
      administrators: ["arn:aws:iam::444444444444:role/platform-engineers"],
      operators: ["arn:aws:iam::444444444444:role/on-call"],
      deployers: ["arn:aws:iam::444444444444:role/release-engineers"],
      breakGlass: ["arn:aws:iam::444444444444:role/break-glass"],
    },
  },
  nodePools: {
    system: { instanceTypes: ["m7i.large"], minNodes: 2, maxNodes: 4, capacity: "on-demand", diskGiB: 50 },
    general: {
      instanceTypes: ["m7i.xlarge", "m7a.xlarge"],
      minNodes: 2,
      maxNodes: 8,
      capacity: "on-demand",
      diskGiB: 80,
    },
    lowLatency: {
      instanceType: "c7i.4xlarge",
      isolatedCpus: "2-7",
      hugepages2Mi: 1024,
      nodes: 2,
      operatingSystem: "al2023",
      capacityReservation: true,
    },
  },
  database: {
    engineVersion: "16.15",
    instanceClass: "db.r7g.large",
    storageGiB: 100,
    maxStorageGiB: 500,
    multiAz: true,
    backupRetentionDays: 14,
    deletionProtection: true,
    insightsRetentionDays: 7,
    generation: { "eu-west-2": 1 },
  },
  cache: {
    engineVersion: "8.1",
    nodeType: "cache.r7g.large",
    replicas: 1,
    snapshotRetentionDays: 3,
    globalDatastore: false,
  },
  streaming: {
    kafkaVersion: "3.9.x",
    instanceType: "kafka.m7g.large",
    brokers: 3,
    storageGiB: 500,
    replicationFactor: 3,
    minInSyncReplicas: 2,
    topics: [
      { name: "orders", partitions: 2, retentionHours: 168 },
      { name: "executions", partitions: 2, retentionHours: 168 },
      { name: "market-data", partitions: 6, retentionHours: 24 },
    ],
  },
  edge: {
    cloudflareAccountId: "13168b5fed33637b92bffad85e233797",
    zone: "hybrid.hft.example.com",
    hostname: "trade.hybrid.hft.example.com",
    ssl: "strict",
    rateLimitAction: "block",
  },
  images: {
    engine: "engine@sha256:aa774d84e77cd81ab2495e72054928dc448fa93cf0cc8f57712bcd357f403815",
    // nginx 1.29.1. The gateway follows names in upstreams (`resolve`), which open-source nginx does from 1.27.3 on.
    gateway:
      "docker.io/nginxinc/nginx-unprivileged@sha256:593a17dc61d117d1bfb208246903265abe0047c5bd4508b6e790895924b24c31",
    frontend: "frontend@sha256:239dc23b60cf93aad322fd2d0f5c4aefd08a247f3bdf91d8ba0193a677034413",
  },
  gateway: { min: 2, max: 10 },
  frontend: { min: 2, max: 10 },
  frontendPod: {
    requests: { cpuMillicores: 1000, memoryMiB: 1024, ephemeralMiB: 1024 },
    limits: { cpuMillicores: 2000, memoryMiB: 2048, ephemeralMiB: 2048 },
  },
  engine: {
    symbols: [
      { name: "BTCUSD", tickSize: "0.01", lotSize: "0.0001", maxOrderLots: 1_000_000, priceCollarBps: 500 },
      { name: "ETHUSD", tickSize: "0.01", lotSize: "0.001", maxOrderLots: 1_000_000, priceCollarBps: 500 },
      // Nobody's money: the canary account alone trades it, after each deploy.
      { name: "TESTUSD", tickSize: "0.01", lotSize: "1", maxOrderLots: 100, priceCollarBps: 500 },
    ],
    limits: {
      ordersPerSecond: 100_000,
      queueCapacity: 100_000,
      ordersPerSecondPerAccount: 1_000,
      maxPositionLots: 100_000_000,
      maxOrderNotional: 10_000_000,
    },
    cpus: 4,
    memoryMiB: 8192,
    marketData: "live",
  },
  canary: { symbol: "TESTUSD", quantity: "1" },
  recovery: {
    rtoSeconds: 900,
    rpoSeconds: 60,
    hotRetentionDays: 7,
    backupRetentionDays: 14,
    configurationRetentionDays: 30,
    auditLock: "compliance",
  },
  logging: { transactionRetentionDays: 2_557, systemRetentionDays: 365, debugRetentionDays: 30, engineLevel: "info" },
  monitoring: { prometheus: { replicas: 2, retentionDays: 30, storageGiB: 200 }, alertmanagers: 3, paging: true },
  onPremises: {
    cidrs: ["192.168.64.0/20"],
    vpn: { gatewayAddress: "203.0.113.10", bgpAsn: 65010 },
    directConnect: { connectionId: "dxcon-fg5678gh", amazonSideAsn: 64513, bgpAsn: 65010, vlan: 101 },
    databaseEndpoint: "orders-db.site.hft.example.com:5432",
  },
  budget: { monthlyUsd: 20_000, alertEmails: ["platform-costs@example.com"] },
  repository: "hft-platform/hft-platform",
};
