/** What is wrong with something that somebody has written, and what to write instead. */
export interface Fault<Code extends string = string> {
  /** Stable, `HFT-NET-002`; docs/errors.md lists them all. */
  readonly code: Code;
  /** What is wrong, with the value that was given. */
  readonly fault: string;
  /** What to write instead. */
  readonly remedy: string;
}

/** One mistake in an input: in which field it stands, too. */
export interface Problem<Code extends string = string, Field extends string = string> extends Fault<Code> {
  /** `regions[1].cidr` */
  readonly field: Field;
}

/**
 * `HFT-NET-002 environments/production.ts regions[1].cidr: 10.0.0.0/16 overlaps …; choose a range outside it`
 * @param place `environments/production.ts regions[1].cidr`
 */
export const faultLine = ({ code, fault, remedy }: Fault, place: string): string =>
  `${code} ${place}: ${fault}; ${remedy}`;
