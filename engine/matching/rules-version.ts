/**
 * Version of the rules that commands are applied by: with other rules the same commands give other events, so a journal
 * is replayed by the rules that it was written by, and two engines with different ones never follow each other. It goes
 * up with every change of what a command causes (rules-version.test.ts fails when it was forgotten). 2: profits in
 * whole numbers; a fill-or-kill order is not killed by an own order that it would not reach.
 */
export const RULES_VERSION = 2;
