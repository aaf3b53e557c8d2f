import { isProtected } from "../../environments";
import type { TerraformBlock } from "../synthesis/synthesized";
import { type Check, resourcesOf } from "./check";
import { finding } from "./codes";

interface Guard {
  readonly what: string;
  readonly holds: (body: TerraformBlock) => boolean;
  readonly remedy: string;
}

const isTrue = (attribute: string, remedy = `set ${attribute} to true`): Guard => ({
  what: attribute,
  holds: (body) => body[attribute] === true || body[attribute] === "true",
  remedy,
});
const atLeast = (attribute: string, least: number): Guard => ({
  what: attribute,
  holds: (body) => typeof body[attribute] === "number" && (body[attribute] as number) >= least,
  remedy: `set ${attribute} to ${least} or more`,
});
const present = (attribute: string): Guard => ({
  what: attribute,
  holds: (body) => body[attribute] !== undefined,
  remedy: `set ${attribute}`,
});
const preventDestroy: Guard = {
  what: "lifecycle.prevent_destroy",
  holds: ({ lifecycle }) => (lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy === true,
  remedy: "pass `protect: true` to its construct",
};

/** A replica takes these from its source. */
const unlessReplica = (guard: Guard): Guard => ({
  ...guard,
  holds: (body) =>
    body.replicate_source_db !== undefined || body.global_replication_group_id !== undefined || guard.holds(body),
});

/** What nothing stateful goes without in production: protection from deletion, backups and encryption. */
const GUARDS: Readonly<Record<string, readonly Guard[]>> = {
  aws_db_instance: [
    isTrue("deletion_protection"),
    unlessReplica(isTrue("storage_encrypted")),
    unlessReplica(atLeast("backup_retention_period", 7)),
    present("final_snapshot_identifier"),
    preventDestroy,
  ],
  aws_elasticache_replication_group: [
    unlessReplica(isTrue("at_rest_encryption_enabled")),
    unlessReplica(isTrue("transit_encryption_enabled")),
    atLeast("snapshot_retention_limit", 1),
    preventDestroy,
  ],
  aws_msk_cluster: [present("encryption_info"), preventDestroy],
  aws_eks_cluster: [isTrue("deletion_protection"), present("encryption_config"), preventDestroy],
  aws_kms_key: [isTrue("enable_key_rotation"), preventDestroy],
  aws_s3_bucket: [preventDestroy],
  aws_ecr_repository: [present("encryption_configuration")],
};

export const statefulIsGuarded: Check = ({ environment, stacks }) =>
  !isProtected(environment)
    ? []
    : stacks
        .flatMap(resourcesOf)
        .flatMap(({ type, path, body }) =>
          (GUARDS[type] ?? [])
            .filter((guard) => !guard.holds(body))
            .map(({ what, remedy }) =>
              finding(
                "HFT-SYN-002",
                path,
                `${type} in production has ${what} = ${JSON.stringify(body[what]) ?? "nothing"}`,
                remedy,
              ),
            ),
        );
