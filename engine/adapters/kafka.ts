import { readFileSync } from "node:fs";
import type { Consumer, Producer } from "@platformatic/kafka";
import type { EngineConfiguration } from "../configuration";
import { readCredential } from "./credential";
import { reasonsOf } from "./kafka-failure";
import { assertKafkaRuns } from "./kafka-runtime";
import { ensureTopics } from "./kafka-topics";

type KafkaConfiguration = EngineConfiguration["kafka"];

export interface KafkaMessage {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
}

/** What one read found: records from the asked offset on, and where the log ends. */
export interface KafkaRecords {
  readonly records: readonly { readonly offset: number; readonly value: Buffer | null }[];
  readonly end: number;
}

const CLIENT_ID = "hft-engine";
const REQUEST_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 3_000;
/** The client goes on trying for as long as a broker is away; whoever uses it wants to know, and opens a new one. */
const OPERATION_TIMEOUT_MS = 4_000;
const CLOSE_TIMEOUT_MS = 1_000;
const FETCH_WAIT_MS = 200;
const FETCH_MAX_BYTES = 1_048_576;

/**
 * One partition of some topics. The engine's partition is part of its configuration, so there is no consumer group:
 * nothing is rebalanced, and a second engine is kept out by the epoch, not by a broker's session timeout.
 */
export class KafkaConnection {
  private constructor(
    private readonly producer: Producer,
    private readonly consumer: Consumer,
    private readonly partition: number,
  ) {}

  static async open(kafka: KafkaConfiguration, partition: number, region: string): Promise<KafkaConnection> {
    assertKafkaRuns();
    // The client is an ES module; this is where it is chosen.
    const client = await import("@platformatic/kafka");
    const options = clientOptions(kafka, region);
    const producer = new client.Producer({ ...options, idempotent: true, acks: -1 });
    const consumer = new client.Consumer({ ...options, groupId: `${CLIENT_ID}-${partition}` });
    return new KafkaConnection(producer, consumer, partition);
  }

  /**
   * Makes the configured topics that are missing; refuses those that cannot serve this partition. Says what else
   * differs.
   */
  static async ensureTopics(kafka: KafkaConfiguration, partition: number, region: string): Promise<string[]> {
    assertKafkaRuns();
    const { Admin } = await import("@platformatic/kafka");
    const admin = new Admin(clientOptions(kafka, region));
    try {
      const ensuring = ensureTopics(admin, Object.values(kafka.topics), partition);
      return await within(OPERATION_TIMEOUT_MS, ensuring, "the topics are not known");
    } finally {
      await within(CLOSE_TIMEOUT_MS, admin.close(), "brokers do not answer").catch(() => {});
    }
  }

  /** Resolves when all in-sync replicas have the messages. */
  async send(messages: readonly KafkaMessage[]): Promise<void> {
    const sending = this.producer.send({
      messages: messages.map(({ topic, key, value }) => ({
        topic,
        partition: this.partition,
        key: Buffer.from(key),
        value: Buffer.from(value),
      })),
    });
    await within(OPERATION_TIMEOUT_MS, sending, "messages were not acknowledged");
  }

  /** Records from an offset on; waits a moment when there are none. */
  async read(topic: string, offset: number): Promise<KafkaRecords> {
    const { node, topicId } = await within(OPERATION_TIMEOUT_MS, this.place(topic), `topic ${topic} was not found`);
    const fetching = this.consumer.fetch({
      node,
      minBytes: 1,
      maxBytes: FETCH_MAX_BYTES,
      maxWaitTime: FETCH_WAIT_MS,
      topics: [
        {
          topicId,
          partitions: [
            {
              partition: this.partition,
              currentLeaderEpoch: -1,
              fetchOffset: BigInt(offset),
              lastFetchedEpoch: -1,
              partitionMaxBytes: FETCH_MAX_BYTES,
            },
          ],
        },
      ],
    });
    const response = await within(OPERATION_TIMEOUT_MS, fetching, `topic ${topic} could not be read`);
    const found = response.responses[0]?.partitions[0];
    const records = (found?.records ?? []).flatMap((batch) =>
      batch.records.map((record) => ({ offset: Number(batch.firstOffset) + record.offsetDelta, value: record.value })),
    );
    return { records: records.filter((record) => record.offset >= offset), end: Number(found?.highWatermark ?? 0n) };
  }

  /** Offsets of the oldest record that is kept, and of the one that will come next. */
  async bounds(topic: string): Promise<{ readonly first: number; readonly next: number }> {
    const asking = Promise.all([
      this.consumer.listOffsets({ topics: [topic], timestamp: -2n }),
      this.consumer.listOffsets({ topics: [topic], timestamp: -1n }),
    ]);
    const [first, next] = await within(OPERATION_TIMEOUT_MS, asking, `the ends of topic ${topic} are not known`);
    const of = (offsets: Map<string, bigint[]>) => Number(offsets.get(topic)?.[this.partition] ?? 0n);
    return { first: of(first), next: of(next) };
  }

  async close(): Promise<void> {
    const closing = Promise.allSettled([this.producer.close(true), this.consumer.close(true)]);
    await within(CLOSE_TIMEOUT_MS, closing, "brokers do not answer").catch(() => {});
  }

  private async place(topic: string): Promise<{ node: number; topicId: string }> {
    this.consumer.topics.track(topic);
    const found = (await this.consumer.metadata({ topics: [topic] })).topics.get(topic);
    const partition = found?.partitions[this.partition];
    if (!found || !partition) throw new Error(`topic ${topic} has no partition ${this.partition}`);
    return { node: partition.leader, topicId: found.id };
  }
}

const clientOptions = (kafka: KafkaConfiguration, region: string) => ({
  clientId: CLIENT_ID,
  bootstrapBrokers: [...kafka.brokers],
  timeout: REQUEST_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  retries: 1,
  retryDelay: 200,
  ...(kafka.tls ? { tls: kafka.caFile ? { ca: readFileSync(kafka.caFile, "utf8") } : {} } : {}),
  ...saslOptions(kafka, region),
});

async function within<Result>(timeoutMs: number, work: Promise<Result>, problem: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${problem} within ${timeoutMs} ms`)), timeoutMs);
  });
  // Whoever waits hears of the first; a failure that comes later belongs to nobody any more.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw new Error(reasonsOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** `iam`: MSK takes a token that the pod's AWS identity signs. */
function saslOptions(kafka: KafkaConfiguration, region: string) {
  if (kafka.authentication === "none") return {};
  if (kafka.authentication === "scram") {
    const { user, passwordFile } = kafka;
    return {
      sasl: {
        mechanism: "SCRAM-SHA-512" as const,
        username: user as string,
        password: () => readCredential(passwordFile as string),
      },
    };
  }
  return {
    sasl: {
      mechanism: "OAUTHBEARER" as const,
      token: async () => {
        const { generateAuthToken } = await import("aws-msk-iam-sasl-signer-js");
        return (await generateAuthToken({ region })).token;
      },
    },
  };
}
