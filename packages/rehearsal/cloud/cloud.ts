import { join } from "node:path";
import { JsonLinesFile } from "@hft/toolkit";
import { BucketContents } from "./bucket-contents";
import { CloudError } from "./cloud-error";
import { type CloudObject, matches, type ObjectFilter } from "./cloud-object";

type Entry =
  | { readonly put: CloudObject }
  | { readonly remove: string }
  | { readonly lost: readonly string[] }
  | { readonly sequence: number };

/** What exists in the simulated cloud, kept in a directory. */
export class Cloud {
  private readonly byKey = new Map<string, CloudObject>();
  private readonly byType = new Map<string, Map<string, CloudObject>>();
  /** Written as it happens: a process that is killed in the middle loses nothing that Terraform was told. */
  private readonly journal: JsonLinesFile<Entry>;
  private readonly lost = new Set<string>();
  private sequence = 0;
  /** What lies in the buckets, Terraform's states above all. */
  readonly contents: BucketContents;

  /** Reads only: another process may be working in the directory. */
  constructor(directory: string) {
    this.contents = new BucketContents(join(directory, "buckets"));
    this.journal = new JsonLinesFile(join(directory, "cloud.jsonl"));
    for (const entry of entriesIn(this.journal)) this.replay(entry);
  }

  /** For the one process that works in the directory. */
  static open(directory: string): Cloud {
    const cloud = new Cloud(directory);
    cloud.journal.rewrite(cloud.entries());
    cloud.contents.clearLocks();
    return cloud;
  }

  get({ type, owner, region, id }: Pick<CloudObject, "type" | "owner" | "region" | "id">): CloudObject | undefined {
    return this.byKey.get(keyOf({ type, owner, region, id }));
  }

  list(filter: ObjectFilter = {}): CloudObject[] {
    const candidates = filter.type === undefined ? this.byKey.values() : (this.byType.get(filter.type)?.values() ?? []);
    return [...candidates].filter((object) => matches(object, filter));
  }

  put(object: CloudObject): void {
    this.store(object);
    this.journal.append({ put: object });
  }

  remove(object: CloudObject): void {
    const key = keyOf(object);
    this.forget(key);
    this.journal.append({ remove: key });
  }

  /** A number that was never given before; names of things come from it. */
  nextSequence(): number {
    this.sequence += 1;
    this.journal.append({ sequence: this.sequence });
    return this.sequence;
  }

  loseRegion(region: string): void {
    this.lost.add(region);
    this.journal.append({ lost: [...this.lost] });
  }

  restoreRegion(region: string): void {
    this.lost.delete(region);
    this.journal.append({ lost: [...this.lost] });
  }

  lostRegions(): string[] {
    return [...this.lost];
  }

  /** @throws CloudError when the region is lost */
  assertReachable(region: string): void {
    if (this.lost.has(region)) {
      throw new CloudError("RegionUnreachable", `no endpoint in ${region} answers: the region is lost`, 503);
    }
  }

  private entries(): Entry[] {
    const objects = [...this.byKey.values()].map((put): Entry => ({ put }));
    return [...objects, { lost: [...this.lost] }, { sequence: this.sequence }];
  }

  private replay(entry: Entry): void {
    if ("put" in entry) this.store(entry.put);
    else if ("remove" in entry) this.forget(entry.remove);
    else if ("sequence" in entry) this.sequence = entry.sequence;
    else {
      this.lost.clear();
      for (const region of entry.lost) this.lost.add(region);
    }
  }

  private store(object: CloudObject): void {
    const key = keyOf(object);
    this.byKey.set(key, object);
    const ofType = this.byType.get(object.type) ?? new Map<string, CloudObject>();
    ofType.set(key, object);
    this.byType.set(object.type, ofType);
  }

  private forget(key: string): void {
    const object = this.byKey.get(key);
    if (!object) return;
    this.byKey.delete(key);
    this.byType.get(object.type)?.delete(key);
  }
}

function keyOf({ type, owner, region, id }: Pick<CloudObject, "type" | "owner" | "region" | "id">): string {
  return [type, owner, region, id].join("\t");
}

function entriesIn(journal: JsonLinesFile<Entry>): Entry[] {
  try {
    return journal.read();
  } catch (error) {
    throw new Error(`${(error as Error).message}; start over with "rehearse reset"`);
  }
}
