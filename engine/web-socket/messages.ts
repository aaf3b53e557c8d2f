import { z } from "zod";

/** What a client may say in text. Orders are entered in binary: records of protocol/command.ts. */
const symbol = z.string().max(12);

const clientMessageSchema = z.union([
  z.strictObject({ type: z.literal("authenticate"), token: z.string().max(8_192) }),
  z.strictObject({ type: z.enum(["subscribe", "unsubscribe"]), channel: z.enum(["book", "trades"]), symbol }),
  z.strictObject({ type: z.enum(["subscribe", "unsubscribe"]), channel: z.literal("orders") }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;

/** Reads a text frame; undefined when it is not one of the messages above. */
export function readMessage(text: string): ClientMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return clientMessageSchema.safeParse(value).data;
}
