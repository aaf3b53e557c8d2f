import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { until } from "@hft/testing";
import { JsonLineSocket } from "./json-line-socket";

describe("a connection of JSON lines", () => {
  let server: Server;
  let near: Socket;
  let far: Socket;

  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const accepted = once(server, "connection");
    near = connect((server.address() as AddressInfo).port, "127.0.0.1");
    [far] = (await accepted) as [Socket];
  });
  afterEach(() => {
    near.destroy();
    far.destroy();
    server.close();
  });

  it("hands over whole documents, however they are cut on their way", async () => {
    const heard: unknown[] = [];
    new JsonLineSocket(near, (message) => heard.push(message));
    far.write('{"price":1}\n{"na');
    await until(() => heard.length === 1);
    far.write('me":"größer"}\n');
    await until(() => heard.length === 2);
    expect(heard).toEqual([{ price: 1 }, { name: "größer" }]);
  });

  it("goes both ways", async () => {
    const heard: unknown[] = [];
    const client = new JsonLineSocket<object, object>(near, (message) => heard.push(message));
    const host = new JsonLineSocket<object, { text: string }>(far, ({ text }) => host.send({ answer: text }));
    client.send({ text: "two\nlines" });
    await until(() => heard.length === 1);
    expect(heard).toEqual([{ answer: "two\nlines" }]);
  });

  it("leaves out what a killed process has left of a line, and takes no harm from how it went", async () => {
    const heard: unknown[] = [];
    const survivor = new JsonLineSocket<object, unknown>(near, (message) => heard.push(message));
    far.write('{"id":1}\n{"id":');
    await until(() => heard.length === 1);
    far.resetAndDestroy();
    await until(() => near.destroyed);
    survivor.send({ id: 2 });
    expect(heard).toEqual([{ id: 1 }]);
  });
});
