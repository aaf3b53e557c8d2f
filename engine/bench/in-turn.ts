/** What was measured of this checkout and of another, one right after the other. */
export interface Turn<T> {
  readonly own: T;
  readonly other: T;
}

/** Measures two by turns: figures of two runs differ more by what else the machine does than by what changed. */
export async function inTurn<T>(
  measureOwn: () => Promise<T>,
  measureOther: () => Promise<T>,
  rounds: number,
): Promise<Turn<T>[]> {
  const turns: Turn<T>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // The first of two finds the machine otherwise than the second does.
    const first = round % 2 === 0 ? await measureOwn() : undefined;
    const other = await measureOther();
    turns.push({ own: first ?? (await measureOwn()), other });
  }
  return turns;
}

/** The one in the middle. */
export function medianBy<T>(items: readonly T[], of: (item: T) => number): T {
  return [...items].sort((a, b) => of(a) - of(b))[Math.floor(items.length / 2)] as T;
}

/** The one in the middle of one side. */
export const middleOf = <T>(turns: readonly Turn<T>[], side: keyof Turn<T>, of: (item: T) => number): T =>
  medianBy(
    turns.map((turn) => turn[side]),
    of,
  );

/** Own over other, of each turn; the median. */
export const ratioOf = <T>(turns: readonly Turn<T>[], of: (item: T) => number): number =>
  medianBy(
    turns.map(({ own, other }) => of(own) / of(other)),
    (ratio) => ratio,
  );
