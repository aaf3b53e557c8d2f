/**
 * SQLSTATE classes of what a statement's data are to blame for: 22 data exception, 23 integrity constraint violation
 * (https://www.postgresql.org/docs/15/errcodes-appendix.html). Such a statement fails again however often it is sent;
 * anything else is the server's state and passes.
 */
const BLAMED = /^2[23]/;

export const isRefused = (error: unknown): boolean => BLAMED.test((error as { code?: string } | undefined)?.code ?? "");

/**
 * Writes records, and sets those aside that are refused: halves of what is refused are tried alone until each culprit
 * is found, so one record stops nothing behind it.
 */
export async function writeAround<T>(
  records: readonly T[],
  write: (records: readonly T[]) => Promise<void>,
  keepRefused: (record: T, reason: string) => Promise<void>,
): Promise<void> {
  try {
    await write(records);
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (records.length === 1) {
      await keepRefused(records[0] as T, (error as Error).message);
      return;
    }
    const middle = records.length >> 1;
    await writeAround(records.slice(0, middle), write, keepRefused);
    await writeAround(records.slice(middle), write, keepRefused);
  }
}

export const KEEP_REFUSED = `INSERT INTO refused_records (partition, source, node, position, reason, record)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`;
