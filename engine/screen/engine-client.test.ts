import { EngineClient, type Message } from "./engine-client";

class FakeSocket {
  static readonly OPEN = 1;
  static readonly made: FakeSocket[] = [];
  readonly readyState = FakeSocket.OPEN;
  readonly said: { type: string; token?: string }[] = [];
  onopen = () => {};
  onmessage = (_event: { data: string }) => {};
  onclose = (_event: { code: number }) => {};
  constructor() {
    FakeSocket.made.push(this);
  }
  send(text: string) {
    this.said.push(JSON.parse(text));
  }
}

describe("the screen's connection", () => {
  let given = 0;
  let gives = true;
  const stored = new Map<string, string>();
  beforeEach(() => {
    jest.useFakeTimers();
    stored.clear();
    given = 0;
    gives = true;
    FakeSocket.made.length = 0;
    Object.assign(globalThis, {
      WebSocket: FakeSocket,
      location: { protocol: "http:", host: "localhost" },
      sessionStorage: {
        getItem: (key: string) => stored.get(key) ?? null,
        setItem: (key: string, value: string) => stored.set(key, value),
        removeItem: (key: string) => stored.delete(key),
      },
      prompt: () => "asked",
    });
    jest.spyOn(globalThis, "fetch").mockImplementation(async () => {
      given += 1;
      return { ok: gives, json: async () => ({ token: `token-${given}` }) } as Response;
    });
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const opened = async () => {
    const heard: Message[] = [];
    await new EngineClient(
      (message) => heard.push(message),
      () => {},
    ).start();
    const [socket] = FakeSocket.made;
    socket!.onopen();
    return { socket: socket!, heard };
  };
  const authenticated = (socket: FakeSocket, seconds: number) =>
    socket.onmessage({
      data: JSON.stringify({
        type: "authenticated",
        account: 1,
        expiresAt: new Date(Date.now() + seconds * 1_000).toISOString(),
      }),
    });

  it("says a newer token before the present one ends, and goes on without beginning again", async () => {
    const { socket, heard } = await opened();
    authenticated(socket, 100);
    await jest.advanceTimersByTimeAsync(79_000);
    expect(socket.said).toEqual([{ type: "authenticate", token: "token-1" }]);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(socket.said.at(-1)).toEqual({ type: "authenticate", token: "token-2" });
    authenticated(socket, 100);
    expect(heard).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(81_000);
    expect(socket.said.at(-1)).toEqual({ type: "authenticate", token: "token-3" });
    expect(FakeSocket.made).toHaveLength(1);
  });

  it("asks for another token when the one that a user gave has ended", async () => {
    gives = false;
    const { socket } = await opened();
    authenticated(socket, 100);
    await jest.advanceTimersByTimeAsync(99_000);
    expect(socket.said).toEqual([{ type: "authenticate", token: "asked" }]);
    Object.assign(globalThis, { prompt: () => "asked again" });
    socket.onclose({ code: 1008 });
    await jest.advanceTimersByTimeAsync(1_000);
    FakeSocket.made[1]!.onopen();
    expect(FakeSocket.made[1]!.said).toEqual([{ type: "authenticate", token: "asked again" }]);
  });
});
