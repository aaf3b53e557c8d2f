/** A command that a person could type, and that a live drill types for them after it was shown. */
export interface Command {
  readonly argv: readonly string[];
  /** True when it changes something: a preflight runs only those that do not. */
  readonly changes: boolean;
}

export const reads = (...argv: readonly string[]): Command => ({ argv, changes: false });
export const changes = (...argv: readonly string[]): Command => ({ argv, changes: true });

/** The command as one line of a shell, quoted where it must be. */
export function shellLine({ argv }: Command): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}
