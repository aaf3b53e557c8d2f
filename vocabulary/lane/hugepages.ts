import type { LaneProblem } from "./problem";

export const HUGEPAGE_MIB = 2;

/** Something of the engine that lives on huge pages. */
export interface HugepageConsumer {
  /** `order books` */
  readonly name: string;
  /** 2 MiB pages. */
  readonly pages: number;
}

/** Annotation of the engine's pod that says who uses its pages: `order books=464,follower's books=464,…`. */
export const HUGEPAGE_CONSUMERS_ANNOTATION = "hft.platform/hugepage-consumers";

/** Consumers of a fixed size; `test/lane/engine-memory.test.ts` holds them against what the engine allocates. */
const FIXED_CONSUMERS: readonly HugepageConsumer[] = [
  // Commands, events and the journal's queue between the threads.
  { name: "thread rings", pages: 24 },
  // A segment of 64 MiB is read whole when the journal is repaired, and blocks are collected before they are written.
  { name: "journal segments", pages: 40 },
  // glibc rounds every arena and every block of 128 KiB or more up to whole pages.
  { name: "allocator", pages: 32 },
];

/** The matching thread and the follower, which answers questions and writes snapshots, each hold the whole state. */
const HOLDERS_OF_BOOKS = ["order books", "follower's books"] as const;
const BOOKS_PAGES_MIN = 16;

/** Huge pages of a node with a named consumer for every one: a page without one is memory that no one can use. */
export class HugepageBudget {
  private constructor(
    readonly pages: number,
    readonly consumers: readonly HugepageConsumer[],
  ) {}

  /** Divides the pages of a lane's node among the parts of the one engine that runs there. */
  static forEngine(pages: number): HugepageBudget | LaneProblem {
    const fixed = sumOfPages(FIXED_CONSUMERS);
    const pagesMin = fixed + HOLDERS_OF_BOOKS.length * BOOKS_PAGES_MIN;
    if (Number.isInteger(pages) && pages >= pagesMin) {
      const half = Math.floor((pages - fixed) / HOLDERS_OF_BOOKS.length);
      const [matching, follower] = HOLDERS_OF_BOOKS;
      const books = [
        { name: matching, pages: pages - fixed - half },
        { name: follower, pages: half },
      ];
      return new HugepageBudget(pages, [...books, ...FIXED_CONSUMERS]);
    }
    return {
      code: "HFT-LANE-006",
      field: "hugepages2Mi",
      fault: `${pages} huge pages reserved, the engine uses ${fixed} before its books (${describeConsumers(FIXED_CONSUMERS)})`,
      remedy: `write ${pagesMin} or more`,
    };
  }

  get memoryMiB(): number {
    return this.pages * HUGEPAGE_MIB;
  }

  toString(): string {
    return describeConsumers(this.consumers);
  }
}

export function sumOfPages(consumers: readonly HugepageConsumer[]): number {
  return consumers.reduce((sum, { pages }) => sum + pages, 0);
}

/** The annotation's text. */
function describeConsumers(consumers: readonly HugepageConsumer[]): string {
  return consumers.map(({ name, pages }) => `${name}=${pages}`).join(",");
}

/** Reads the annotation's text back; undefined when it is no list of consumers. */
export function parseConsumers(text: string): HugepageConsumer[] | undefined {
  const consumers = text.split(",").map((part) => /^(.+)=(\d+)$/.exec(part));
  if (consumers.some((match) => match === null)) return undefined;
  return consumers.map((match) => ({ name: match![1]!, pages: Number(match![2]) }));
}
