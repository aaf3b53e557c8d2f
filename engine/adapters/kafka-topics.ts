import type { Admin } from "@platformatic/kafka";
import { reasonsOf } from "./kafka-failure";

/** What of a cluster's administration this needs. */
export type TopicAdmin = Pick<Admin, "listTopics" | "createTopics" | "metadata">;

/**
 * Makes topics that are missing, with the cluster's own replication: managed clusters make none by themselves. One
 * that has no place for this engine's partition is refused: more partitions would move the keys of its other readers.
 */
export async function ensureTopics(admin: TopicAdmin, topics: readonly string[], partition: number): Promise<void> {
  const existing = await admin.listTopics();
  const missing = topics.filter((topic) => !existing.includes(topic));
  if (missing.length > 0) await create(admin, missing, partition + 1);
  const known = (await admin.metadata({ topics: [...topics], forceUpdate: true })).topics;
  for (const topic of topics) {
    const count = known.get(topic)?.partitionsCount ?? 0;
    if (count > partition) continue;
    throw new Error(
      `topic ${topic} ends at partition ${count - 1} and this engine's is ${partition}; give it ${partition + 1} partitions`,
    );
  }
}

async function create(admin: TopicAdmin, topics: readonly string[], partitions: number): Promise<void> {
  try {
    await admin.createTopics({ topics: [...topics], partitions });
  } catch (error) {
    // The other engine may have been faster.
    const existing = await admin.listTopics();
    if (topics.every((topic) => existing.includes(topic))) return;
    throw new Error(
      `topics ${topics.join(", ")} are missing and cannot be made (${reasonsOf(error)}); make them with ${partitions} partitions, or let this engine's user create topics`,
    );
  }
}
