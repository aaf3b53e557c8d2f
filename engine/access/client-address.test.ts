import type { IncomingMessage } from "node:http";
import fc from "fast-check";
import fastify from "fastify";
import { clientAddress, proxyTest } from "./client-address";

const PROXIES = ["10.0.0.0/8", "127.0.0.1"];

describe("the address of a client", () => {
  it("is what fastify says of the same request, so that a WebSocket counts like a request", async () => {
    const app = fastify({ trustProxy: PROXIES });
    app.get("/", (request) => request.ip);
    const hop = fc.constantFrom("10.1.2.3", "203.0.113.9", "198.51.100.7", "10.9.9.9");
    await fc.assert(
      fc.asyncProperty(fc.array(hop, { maxLength: 4 }), hop, async (forwarded, remoteAddress) => {
        const headers = forwarded.length > 0 ? { "x-forwarded-for": forwarded.join(", ") } : {};
        const { payload } = await app.inject({ url: "/", headers, remoteAddress });
        const request = { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
        expect(clientAddress(request, proxyTest(PROXIES))).toBe(payload);
      }),
    );
    await app.close();
  });

  it("is the peer's own when no proxy is trusted, whatever it claims", () => {
    const headers = { "x-forwarded-for": "203.0.113.9" };
    const request = { headers, socket: { remoteAddress: "10.1.2.3" } } as unknown as IncomingMessage;
    expect(clientAddress(request, proxyTest([]))).toBe("10.1.2.3");
  });
});
