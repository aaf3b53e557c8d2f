import { element } from "./dom";
import type { EngineClient, Order } from "./engine-client";

/** The form that sends orders. Fields that a type does not have are switched off. */
export class OrderForm {
  private readonly form = element<HTMLFormElement>("order");
  private readonly answer = element("answer");

  constructor(
    private readonly client: EngineClient,
    private readonly symbol: () => string,
  ) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    this.field("type").addEventListener("change", () => this.fit());
  }

  pick(price: string, side: "buy" | "sell"): void {
    if (!this.field("price").disabled) this.field("price").value = price;
    const radio = this.form.querySelector<HTMLInputElement>(`input[value="${side}"]`);
    if (radio) radio.checked = true;
    this.field("quantity").focus();
  }

  suggest(price: string, quantity: string): void {
    this.field("price").value = price;
    this.field("quantity").value = quantity;
  }

  private fit(): void {
    const type = this.field("type").value;
    const priced = type === "limit" || type === "stop_limit";
    this.field("price").disabled = !priced;
    this.field("stopPrice").disabled = !type.startsWith("stop");
    this.field("stopPrice").required = type.startsWith("stop");
    this.field("postOnly").disabled = type !== "limit";
    this.field("timeInForce").value = priced ? "gtc" : "ioc";
  }

  private async send(): Promise<void> {
    const data = new FormData(this.form);
    const text = (name: string) => (data.get(name) ? String(data.get(name)) : undefined);
    const body = {
      symbol: this.symbol(),
      side: text("side"),
      type: text("type"),
      timeInForce: text("timeInForce"),
      quantity: text("quantity"),
      price: text("price"),
      stopPrice: text("stopPrice"),
      ...(data.has("postOnly") ? { postOnly: true } : {}),
    };
    const startedMs = performance.now();
    try {
      const order = await this.client.request<Order & { filledQuantity: string }>("POST", "/api/orders", body);
      const tookMs = (performance.now() - startedMs).toFixed(1);
      this.say(
        `Order ${order.orderId} ${order.status.replace("_", " ")}, ${order.filledQuantity} filled, in ${tookMs} ms`,
        "buy-text",
      );
    } catch (error) {
      this.say((error as Error).message, "sell-text");
    }
  }

  private say(text: string, className: string): void {
    this.answer.textContent = text;
    this.answer.className = className;
  }

  private field(name: string): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }
}
