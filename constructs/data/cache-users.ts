import { ElasticacheUser } from "@cdktf/provider-aws/lib/elasticache-user";
import { ElasticacheUserGroup } from "@cdktf/provider-aws/lib/elasticache-user-group";
import { Construct } from "constructs";
import { type CacheUserName, cacheIdOf, cacheUserOf, type Names } from "../../vocabulary";
import { allow, type Statement } from "../security/policy";

const ENGINE = "valkey";

/** Users of the cache, and what each may touch. No user may administer, read all keys or run scripts. */
const USERS = {
  engine: "on ~* resetchannels &* -@all +@read +@write +@connection +@transaction +@pubsub -@dangerous",
  monitoring: "on -@all +ping +info +latency +slowlog|get +config|get",
} as const satisfies Record<CacheUserName, string>;

export interface CacheUsersProps {
  readonly names: Names;
}

/**
 * Who may use the cache. Users have no password: a pod proves itself by a token that it signs with its IAM role
 * (`elasticache:Connect`), good for 15 minutes. For such a user, id and name must be the same.
 * Source: ElastiCache User Guide, "Authenticating with IAM".
 */
export class CacheUsers extends Construct {
  /** The right to connect to a region's cache as a user, for a pod's role. */
  static rightToConnect(names: Names, accountId: string, cacheId: string, user: CacheUserName): Statement {
    const arn = (kind: string, name: string) => `arn:aws:elasticache:${names.region}:${accountId}:${kind}:${name}`;
    return allow(["elasticache:Connect"], [arn("replicationgroup", cacheId), arn("user", cacheUserOf(names, user))]);
  }

  readonly groupId: string;

  constructor(scope: Construct, id: string, { names }: CacheUsersProps) {
    super(scope, id);
    const users = Object.entries(USERS).map(([user, accessString]) => {
      const userId = cacheUserOf(names, user as CacheUserName);
      return new ElasticacheUser(this, user, {
        engine: ENGINE,
        userId,
        userName: userId,
        accessString,
        authenticationMode: { type: "iam" },
      });
    });
    this.groupId = new ElasticacheUserGroup(this, "group", {
      engine: ENGINE,
      userGroupId: cacheIdOf(names),
      userIds: users.map(({ userId }) => userId),
    }).userGroupId;
  }
}
