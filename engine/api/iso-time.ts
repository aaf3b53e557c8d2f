let second = Number.NaN;
let prefix = "";

/** A time in text, as `Date.toISOString` writes it. What comes within one second shares the work of a date. */
export function isoTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1_000);
  const of = Math.floor(milliseconds / 1_000);
  if (of !== second) {
    const text = new Date(of * 1_000).toISOString();
    prefix = text.slice(0, -"000Z".length);
    second = of;
  }
  const rest = milliseconds - of * 1_000;
  return `${prefix}${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}Z`;
}
