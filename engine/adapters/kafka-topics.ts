import type { Admin } from "@platformatic/kafka";
import type { EngineConfiguration } from "../configuration";
import { reasonsOf } from "./kafka-failure";

/** What of a cluster's administration this needs. */
export type TopicAdmin = Pick<Admin, "listTopics" | "createTopics" | "metadata" | "describeConfigs">;
export type Topic = EngineConfiguration["kafka"]["topics"]["orders"];

const HOUR_MS = 3_600_000;
const RETENTION = "retention.ms";
/** ConfigResourceTypes.TOPIC: the client is an ES module, and this file is not one. */
const TOPIC_RESOURCE = 2;

/**
 * Makes topics that are missing, with the cluster's own replication: managed clusters make none by themselves. One
 * that has no place for this engine's partition is refused. Others that are not as configured are left as they are,
 * and said: more partitions would move the keys of their readers, fewer are not possible, and another retention may
 * throw away what somebody has not read.
 */
export async function ensureTopics(admin: TopicAdmin, topics: readonly Topic[], partition: number): Promise<string[]> {
  const existing = await admin.listTopics();
  for (const topic of topics) if (!existing.includes(topic.name)) await create(admin, topic, partition + 1);
  const known = (await admin.metadata({ topics: topics.map(({ name }) => name), forceUpdate: true })).topics;
  const differences: string[] = [];
  for (const topic of topics) {
    const count = known.get(topic.name)?.partitionsCount ?? 0;
    const wanted = topic.partitions ?? partition + 1;
    if (count <= partition) {
      throw new Error(
        `the last partition of topic ${topic.name} is ${count - 1}, but this engine uses ${partition}; give it ${wanted} partitions`,
      );
    }
    if (topic.partitions !== undefined && count !== wanted)
      differences.push(otherPartitions(topic.name, count, wanted));
  }
  return [...differences, ...(await otherRetentions(admin, topics))];
}

const otherPartitions = (name: string, count: number, wanted: number): string =>
  count < wanted
    ? `topic ${name} has ${count} partitions, but ${wanted} are configured: add them when its readers can handle keys moving to other partitions`
    : `topic ${name} has ${count} partitions, but ${wanted} are configured: Kafka cannot remove partitions, configure ${count}`;

async function otherRetentions(admin: TopicAdmin, topics: readonly Topic[]): Promise<string[]> {
  const asked = topics.filter(({ retentionHours }) => retentionHours !== undefined);
  if (asked.length === 0) return [];
  try {
    const resources = asked.map(({ name }) => ({
      resourceType: TOPIC_RESOURCE as typeof TOPIC_RESOURCE,
      resourceName: name,
      configurationKeys: [RETENTION],
    }));
    const described = await admin.describeConfigs({ resources });
    return asked.flatMap(({ name, retentionHours = 0 }) => {
      const found = described.find(({ resourceName }) => resourceName === name);
      const value = found?.configs.find((config) => config.name === RETENTION)?.value;
      if (Number(value) === retentionHours * HOUR_MS) return [];
      return [
        `topic ${name} keeps messages for ${inHours(value)}, but ${retentionHours} h are configured: ` +
          `set its retention.ms to ${retentionHours * HOUR_MS}, or configure its actual value`,
      ];
    });
  } catch (error) {
    return [`the retention of the topics is not known: ${reasonsOf(error)}`];
  }
}

function inHours(retentionMs: string | null | undefined): string {
  if (retentionMs === "-1") return "ever";
  return retentionMs ? `${Number(retentionMs) / HOUR_MS} h` : "an unknown time";
}

async function create(admin: TopicAdmin, { name, partitions, retentionHours }: Topic, least: number): Promise<void> {
  const count = partitions ?? least;
  const configs = retentionHours === undefined ? [] : [{ name: RETENTION, value: String(retentionHours * HOUR_MS) }];
  try {
    await admin.createTopics({ topics: [name], partitions: count, configs });
  } catch (error) {
    // The other engine may have been faster.
    if ((await admin.listTopics()).includes(name)) return;
    throw new Error(
      `topic ${name} is missing and cannot be created (${reasonsOf(error)}); create it with ${count} partitions, or allow this engine's user to create topics`,
    );
  }
}
