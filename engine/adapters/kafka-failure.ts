/** What really went wrong: the client wraps it in layers that only say which operation failed. */
export function reasonsOf(error: unknown): string {
  return [...new Set(innermost(error))].join(", ");
}

function innermost(error: unknown): string[] {
  const { message, errors, cause } = error as { message?: string; errors?: unknown[]; cause?: unknown };
  const inner = errors?.length ? errors : cause ? [cause] : [];
  return inner.length > 0 ? inner.flatMap(innermost) : [message || String(error)];
}
