/** A mistake of the person who typed the command; its message says what to type instead. */
export class UsageError extends Error {}
