import { COMMAND_WORDS, CommandDouble, CommandWord, type RecordBuffer } from "../protocol";
import { detailOf, isRequested, sourceOf } from "./correlation";

/** What a command says of where and when it came from. All other words are terms: what the client asked for. */
const ORIGIN_WORDS = [
  ...[CommandDouble.TimeMicroseconds, CommandDouble.Sequence].flatMap((double) => [double * 2, double * 2 + 1]),
  CommandWord.CorrelationLow,
  CommandWord.CorrelationHigh,
];
const TERM_WORDS = Array.from({ length: COMMAND_WORDS }, (_, word) => word).filter(
  (word) => !ORIGIN_WORDS.includes(word),
);
const BITS = 24;
/** No terms are told: those of commands without a key. */
export const TERMS_UNKNOWN = 0;

/**
 * A fingerprint of everything that a command asks for, in the 24 bits that an HTTP order's correlation has left: it
 * lies in the journal with the command and comes with its events, so whoever has the order can tell whether a repeated
 * key asks for the same. Made of the command's words and not of named fields: a term that is added later is in it.
 */
export const termsOf = ({ words, recordWords }: RecordBuffer, index: number): number =>
  termsOfWords(words, index * recordWords);

/** As `termsOf`, of a command that begins at this word. */
export function termsOfWords(words: Int32Array, at: number): number {
  let hash = 0;
  // The finalizer of MurmurHash3 after each word.
  for (const word of TERM_WORDS) {
    hash = Math.imul(hash ^ (words[at + word] as number), 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
    hash ^= hash >>> 16;
  }
  const terms = hash >>> (32 - BITS);
  return terms === TERMS_UNKNOWN ? 1 : terms;
}

/** The terms that an order's correlation tells. */
export const termsIn = (high: number): number => (isRequested(sourceOf(high)) ? detailOf(high) : TERMS_UNKNOWN);
