/**
 * Whether a text fits a pattern with `*` and `?`. Walks both once with one step back, because a regular expression with
 * many stars can take exponential time and policies come from outside.
 */
export function fits(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    if (
      inPattern < pattern.length &&
      (pattern[inPattern] === "?" || pattern[inPattern] === text[at]) &&
      pattern[inPattern] !== "*"
    ) {
      at++;
      inPattern++;
    } else if (pattern[inPattern] === "*") {
      star = inPattern++;
      resume = at;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}
