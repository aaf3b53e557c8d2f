/**
 * A command in any history: after a promotion without the peer two histories have commands of one sequence, and only
 * their times tell them apart.
 */
export interface CommandName {
  /** It may be told to the client once this is durable; 0 while there is no command. */
  readonly commandSequence: number;
  readonly commandTimeMicroseconds: number;
}
