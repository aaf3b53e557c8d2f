let second = Number.NaN;
let prefix = "";
let newest = Number.NaN;
let text = "";

/**
 * A time in text, as `Date.toISOString` writes it. What comes within one second shares the work of a date, what comes
 * within one millisecond the text: an order is often accepted, changed and recorded in the same one.
 */
export function isoTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1_000);
  if (milliseconds === newest) return text;
  const of = Math.floor(milliseconds / 1_000);
  if (of !== second) {
    prefix = new Date(of * 1_000).toISOString().slice(0, -"000Z".length);
    second = of;
  }
  const rest = milliseconds - of * 1_000;
  text = `${prefix}${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}Z`;
  newest = milliseconds;
  return text;
}
