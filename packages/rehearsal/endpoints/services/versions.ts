import { OFFERED_VERSIONS } from "../../account/offers";
import { jsonAnswer, queryAnswer } from "../aws-answer";
import type { AccountState, Operations } from "./service";

function offered({ settings }: AccountState, product: keyof typeof OFFERED_VERSIONS) {
  return Object.entries(settings.versions?.[product] ?? (OFFERED_VERSIONS[product] as Record<string, string>));
}

export const EKS: Operations = {
  "GET /cluster-versions": (_, state) =>
    jsonAnswer({
      clusterVersions: offered(state, "kubernetes").map(([clusterVersion, versionStatus]) => ({
        clusterVersion,
        versionStatus,
        clusterType: "eks",
      })),
    }),
};

export const RDS: Operations = {
  DescribeDBEngineVersions: (_, state) =>
    queryAnswer("DescribeDBEngineVersions", {
      DBEngineVersions: {
        DBEngineVersion: offered(state, "postgresql").map(([EngineVersion, Status]) => ({
          Engine: "postgres",
          EngineVersion,
          Status,
        })),
      },
    }),
  DescribeOrderableDBInstanceOptions: ({ parameters }, { settings }) => {
    const { EngineVersion, DBInstanceClass } = parameters as Record<string, string>;
    const sold = !settings.databaseClassesAbsent?.includes(DBInstanceClass ?? "");
    return queryAnswer("DescribeOrderableDBInstanceOptions", {
      OrderableDBInstanceOptions: {
        OrderableDBInstanceOption: sold
          ? [{ Engine: "postgres", EngineVersion: EngineVersion ?? "", DBInstanceClass: DBInstanceClass ?? "" }]
          : [],
      },
    });
  },
};

export const KAFKA: Operations = {
  "GET /v1/kafka-versions": (_, state) =>
    jsonAnswer({ kafkaVersions: offered(state, "kafka").map(([version, status]) => ({ version, status })) }),
};

export const ELASTICACHE: Operations = {
  DescribeCacheEngineVersions: (_, state) =>
    queryAnswer("DescribeCacheEngineVersions", {
      CacheEngineVersions: {
        CacheEngineVersion: offered(state, "valkey").map(([EngineVersion]) => ({ Engine: "valkey", EngineVersion })),
      },
    }),
};
