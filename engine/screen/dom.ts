/** An element that index.html is known to have. */
export function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found as Kind;
}

/** A table row of plain texts. Text is never markup here. */
export function row(cells: readonly string[], classes: readonly (string | undefined)[] = []): HTMLTableRowElement {
  const line = document.createElement("tr");
  for (const [index, text] of cells.entries()) {
    const cell = line.insertCell();
    cell.textContent = text;
    const name = classes[index];
    if (name) cell.className = name;
  }
  return line;
}
