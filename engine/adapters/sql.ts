/** The little of SQL that the engine needs, so that PostgreSQL and the embedded database look the same. */
export interface Statement {
  readonly text: string;
  /** Without values the text may hold several statements. */
  readonly values?: readonly unknown[];
}

export type Row = Readonly<Record<string, unknown>>;

export interface SqlClient {
  query(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** All or nothing, in order. */
  transaction(statements: readonly Statement[]): Promise<void>;
  close(): Promise<void>;
}
