import { WebSocket } from "ws";
import { COMMAND_BYTES, COMMAND_WORDS, CommandEncoder, EVENT_BYTES, RecordBuffer, Side } from "../../protocol";
import { Latencies, type LoadFigures } from "./latencies";

export interface FrameLoad {
  readonly commandsPerFrame: number;
  /** Frames that may be on their way. */
  readonly windowFrames: number;
}

const PRICE_TICKS = 6_400_000;

/** Fills a frame: orders that rest, then their cancels, so that the book stays small and each command has one event. */
function fill(records: RecordBuffer, count: number, frame: number): void {
  const encoder = new CommandEncoder(records);
  for (let index = 0; index < count; index++) {
    const pair = index >> 1;
    const origin = {
      timeMicroseconds: 0,
      symbol: 0,
      account: 1,
      clientOrderId: { low: (frame * count + pair) | 0, high: 7 },
    };
    if (index % 2 === 1) encoder.cancel(index, origin);
    else {
      encoder.newOrder(index, { ...origin, side: Side.Buy, price: PRICE_TICKS + (pair % 512), quantity: 10 });
    }
  }
}

/**
 * Sends frames of this many commands, a window of them at a time, and counts what comes back: the events of an engine,
 * or, without a token, the commands themselves from an echo.
 */
export async function binaryLoad(
  url: string,
  token: string | undefined,
  { commandsPerFrame, windowFrames }: FrameLoad,
  durationSeconds: number,
): Promise<LoadFigures> {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}),
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const answerBytes = (token ? EVENT_BYTES : COMMAND_BYTES) * commandsPerFrame;
  const frames = Array.from({ length: 64 }, () => RecordBuffer.allocate(commandsPerFrame, COMMAND_WORDS));
  const sentAtMs: number[] = [];
  let sent = 0;
  let received = 0;
  let answeredBytes = 0;
  let refused = 0;
  const latencies = new Latencies();
  const send = () => {
    const records = frames[sent % frames.length] as RecordBuffer;
    fill(records, commandsPerFrame, sent);
    sentAtMs[sent] = performance.now();
    sent += 1;
    socket.send(Buffer.from(records.buffer as ArrayBuffer));
  };
  await new Promise<void>((resolve, reject) => {
    socket.once("close", () => reject(new Error("the connection was closed under load")));
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      const missing = isBinary ? 0 : refusedIn(data);
      // Commands that wait for a slow disk make the engine refuse the next ones. Those have no events to wait for.
      refused += missing;
      answeredBytes += isBinary ? data.length : missing * EVENT_BYTES;
      while (answeredBytes >= answerBytes * (received + 1)) {
        latencies.add(performance.now() - (sentAtMs[received] as number));
        received += 1;
        if (latencies.elapsedSeconds < durationSeconds) send();
      }
      if (received === sent) resolve();
    });
    for (let frame = 0; frame < windowFrames; frame++) send();
  });
  socket.terminate();
  const figures = latencies.figures(commandsPerFrame);
  return { ...figures, done: figures.done - refused };
}

/** How many commands of a frame a text message says were not taken. */
function refusedIn(message: Buffer): number {
  const { type, taken, of } = JSON.parse(message.toString()) as { type: string; taken: number; of: number };
  return type === "refused" ? of - taken : 0;
}
