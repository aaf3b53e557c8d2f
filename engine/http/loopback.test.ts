import { isLoopbackHost, isLoopbackOrigin } from "./loopback";

describe("a loopback name", () => {
  it.each([
    "localhost",
    "localhost:8080",
    "LOCALHOST:1",
    "app.localhost:8080",
    "127.0.0.1:8080",
    "127.1.2.3",
    "[::1]:80",
  ])("is %s", (host) => {
    expect(isLoopbackHost(host)).toBe(true);
    expect(isLoopbackOrigin(`http://${host}`)).toBe(true);
  });

  it.each([
    "example.com:8080",
    "localhost.example.com",
    "127.0.0.1.example.com",
    "notlocalhost",
    "10.0.0.1",
    "",
    "[::2]",
  ])("is not %j", (host) => {
    expect(isLoopbackHost(host)).toBe(false);
    expect(isLoopbackOrigin(`http://${host}`)).toBe(false);
  });

  it("must be given by every client, the page's only by a browser", () => {
    expect(isLoopbackHost(undefined)).toBe(false);
    expect(isLoopbackOrigin(undefined)).toBe(true);
    expect(isLoopbackOrigin("null")).toBe(false);
  });
});
