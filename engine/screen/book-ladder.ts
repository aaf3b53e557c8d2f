import { element, row } from "./dom";
import type { Level } from "./engine-client";

const LEVELS_SHOWN = 12;
const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

/** Both sides of the book around the spread. Increments are applied as they come, the page is drawn once a frame. */
export class BookLadder {
  private readonly bids = new Map<string, string>();
  private readonly asks = new Map<string, string>();
  private scheduled = false;

  constructor(private readonly onPick: (price: string, side: "buy" | "sell") => void) {}

  apply({ snapshot, bids, asks }: { snapshot: boolean; bids: Level[]; asks: Level[] }): void {
    if (snapshot) {
      this.bids.clear();
      this.asks.clear();
    }
    for (const [side, levels] of [
      [this.bids, bids],
      [this.asks, asks],
    ] as const) {
      for (const [price, quantity] of levels) {
        if (Number(quantity) === 0) side.delete(price);
        else side.set(price, quantity);
      }
    }
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.scheduled = false;
    const best = (side: Map<string, string>, sign: number) =>
      [...side].sort((a, b) => sign * (Number(a[0]) - Number(b[0]))).slice(0, LEVELS_SHOWN);
    const [bids, asks] = [best(this.bids, -1), best(this.asks, 1)];
    const sum = (levels: [string, string][]) => levels.reduce((total, [, quantity]) => total + Number(quantity), 0);
    const deepest = Math.max(sum(bids), sum(asks), Number.MIN_VALUE);
    this.fill(element("asks"), asks, deepest, "buy", true);
    this.fill(element("bids"), bids, deepest, "sell", false);
    if (!this.lines.some(({ tabIndex }) => tabIndex === 0)) {
      this.stopAt(element("asks").querySelector<HTMLTableRowElement>("tr:last-child") ?? this.lines[0]);
    }
    const spread = element("spread").firstElementChild as HTMLElement;
    const [bid, ask] = [bids[0]?.[0], asks[0]?.[0]];
    const places = bid?.split(".")[1]?.length ?? 0;
    spread.textContent = bid && ask ? `spread ${(Number(ask) - Number(bid)).toFixed(places)}` : "no spread";
  }

  /** Rows are kept and refilled, so that the keyboard's focus stays where it is. */
  private fill(body: HTMLElement, levels: [string, string][], deepest: number, side: "buy" | "sell", upwards: boolean) {
    let total = 0;
    const lines = levels.map(([price, quantity]) => {
      total += Number(quantity);
      const places = quantity.split(".")[1]?.length ?? 0;
      return { cells: [price, quantity, total.toFixed(places)], depth: total / deepest };
    });
    if (upwards) lines.reverse();
    while (body.children.length > lines.length) body.lastElementChild?.remove();
    for (const [index, { cells, depth }] of lines.entries()) {
      const line = (body.children[index] as HTMLTableRowElement | undefined) ?? this.newLine(body, side);
      for (const [column, text] of cells.entries()) {
        const cell = line.cells[column];
        if (cell && cell.textContent !== text) cell.textContent = text;
      }
      line.style.setProperty("--depth", `${(depth * 100).toFixed(1)}%`);
    }
  }

  private newLine(body: HTMLElement, side: "buy" | "sell"): HTMLTableRowElement {
    const line = row(["", "", ""]);
    line.tabIndex = -1;
    line.addEventListener("focus", () => this.stopAt(line));
    const pick = () => this.onPick(line.cells[0]?.textContent ?? "", side);
    line.addEventListener("click", pick);
    line.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (event.key !== "Enter" && step === undefined) return;
      // Enter moves the focus to the form: without this the same key press would send the order. Arrows would scroll.
      event.preventDefault();
      if (step === undefined) pick();
      else this.neighbour(line, step)?.focus();
    });
    body.append(line);
    return line;
  }

  private get lines(): HTMLTableRowElement[] {
    return [...document.querySelectorAll<HTMLTableRowElement>("#asks tr, #bids tr")];
  }

  private neighbour(line: HTMLTableRowElement, step: number): HTMLTableRowElement | undefined {
    const { lines } = this;
    return lines[lines.indexOf(line) + step];
  }

  /** The whole book is one stop of the tab key: the row that had the focus last, the best ask at first. */
  private stopAt(line: HTMLTableRowElement | undefined): void {
    for (const each of this.lines) each.tabIndex = each === line ? 0 : -1;
  }
}
