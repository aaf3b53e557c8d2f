import type { LaneProblem } from "./problem";

export const HUGEPAGE_MIB = 2;

/** Something of the engine that lives on huge pages. */
export interface HugepageConsumer {
  /** `order books` */
  readonly name: string;
  /** 2 MiB pages. */
  readonly pages: number;
}

/** Annotation of the engine's pod that says who uses its pages: `order books=976,journal buffers=16`. */
export const HUGEPAGE_CONSUMERS_ANNOTATION = "hft.platform/hugepage-consumers";

/** Consumers of a fixed size. The order books get what remains, because their capacity is what an environment scales. */
const FIXED_CONSUMERS: readonly HugepageConsumer[] = [
  { name: "thread rings", pages: 16 },
  { name: "journal buffers", pages: 16 },
  // glibc rounds every arena and large block of the process up to whole pages; measured with Node 22: 4 to 5 pages.
  { name: "allocator", pages: 16 },
];
const ORDER_BOOKS_PAGES_MIN = 16;

/** Huge pages of a node with a named consumer for every one: a page without one is memory that no one can use. */
export class HugepageBudget {
  private constructor(
    readonly pages: number,
    readonly consumers: readonly HugepageConsumer[],
  ) {}

  /** Divides the pages of a lane's node among the parts of the one engine that runs there. */
  static forEngine(pages: number): HugepageBudget | LaneProblem {
    const fixed = sumOfPages(FIXED_CONSUMERS);
    const pagesMin = fixed + ORDER_BOOKS_PAGES_MIN;
    if (Number.isInteger(pages) && pages >= pagesMin) {
      return new HugepageBudget(pages, [{ name: "order books", pages: pages - fixed }, ...FIXED_CONSUMERS]);
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
export function describeConsumers(consumers: readonly HugepageConsumer[]): string {
  return consumers.map(({ name, pages }) => `${name}=${pages}`).join(",");
}

/** Reads the annotation's text back; undefined when it is no list of consumers. */
export function parseConsumers(text: string): HugepageConsumer[] | undefined {
  const consumers = text.split(",").map((part) => /^(.+)=(\d+)$/.exec(part));
  if (consumers.some((match) => match === null)) return undefined;
  return consumers.map((match) => ({ name: match![1]!, pages: Number(match![2]) }));
}
