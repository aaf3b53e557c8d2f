/** Why an engine does not go on without its standby. The text says what to do. */
export class NotAlone extends Error {
  override readonly name = "NotAlone";
}
