import { requires, until } from "@hft/testing";
import { type Answer, ask } from "../testing/gateway-client";
import { freePorts, RealNginx } from "../testing/real-nginx";
import { StubNames } from "../testing/stub-names";
import { StubUpstream } from "../testing/stub-upstream";

const PAGES = "frontend.front.svc.cluster.local";
/** Names are asked for again after 5 s; a busy machine may take longer. */
const FOLLOWS_NAMES_WITHIN_MS = 30_000;

requires("nginx", "openssl")("upstreams of the gateway in a real nginx", () => {
  const active = new StubUpstream();
  const standby = new StubUpstream();
  const names = new StubNames();
  let pages: StubUpstream[];
  let nginx: RealNginx;
  let clients = 0;
  const newClient = () => `203.0.113.${++clients}`;
  const get = (path: string) => ask(nginx, { path, client: newClient() });
  const order = (method = "POST") =>
    ask(nginx, { path: "/api/orders", method, client: newClient(), body: Buffer.from("{}") });
  /** Asks for a page until something holds afterwards. */
  const answered = (holds: (answer: Answer) => boolean) =>
    until(
      async () => holds(await get("/")),
      () => String(holds),
      FOLLOWS_NAMES_WITHIN_MS,
      100,
    );
  /** How often NGINX tried a server, by its own log, which is written after an answer. */
  const attempts = async ({ address }: StubUpstream) => {
    const logged = () =>
      nginx
        .output()
        .split("\n")
        .filter((line) => line.startsWith("{"));
    await until(() => logged().length >= clients, "a line for each request");
    return logged()
      .flatMap((line) => String(JSON.parse(line).upstream).split(/, | : /))
      .filter((tried) => tried === address).length;
  };
  const stands = (upstream: StubUpstream, role: "active" | "standby") => {
    upstream.answer = (_, response) => (role === "active" ? response.end("done") : response.writeHead(503).end(role));
  };

  beforeEach(async () => {
    clients = 0;
    const [port] = await freePorts(1);
    pages = ["127.0.0.1", "127.0.0.3"].map((host) => new StubUpstream(host, port));
    for (const upstream of [active, standby, ...pages]) {
      await upstream.start();
      upstream.received.length = 0;
    }
    stands(active, "active");
    stands(standby, "standby");
    await names.start();
    names.addresses.set(PAGES, ["127.0.0.1", "127.0.0.3"]);
    nginx = await RealNginx.prepare({
      engines: [active.address, standby.address],
      frontend: `${PAGES}:${port}`,
      nameServer: names.address,
      logPort: 5531,
    });
    await nginx.start();
    await answered(({ status }) => status === 200);
  });
  afterEach(async () => {
    await nginx.stop();
    for (const upstream of [active, standby, ...pages]) await upstream.stop();
    names.stop();
  });

  describe("pages, of several pods behind one name", () => {
    it("come from all of them", async () => {
      for (let count = 0; count < 8; count++) expect((await get("/")).status).toBe(200);
      expect(pages.every(({ received }) => received.length >= 4)).toBe(true);
    });

    it("go on when one pod dies: nobody notices, and after three tries it is left alone", async () => {
      const before = await attempts(pages[0]!);
      await pages[0]!.stop();
      const answers = [];
      for (let count = 0; count < 8; count++) answers.push((await get("/")).status);
      expect(answers).toEqual(Array(8).fill(200));
      for (let count = 0; count < 20; count++) answers.push((await get("/")).status);
      expect(answers).toEqual(Array(28).fill(200));
      expect((await attempts(pages[0]!)) - before).toBe(3);
    });

    it("follow the pods: a new address is used, a removed one is not, without a reload", async () => {
      names.addresses.set(PAGES, ["127.0.0.3"]);
      await pages[0]!.stop();
      const before = pages[1]!.received.length;
      await answered(() => pages[1]!.received.length > before);
      await pages[0]!.start();
      pages[0]!.received.length = 0;
      names.addresses.set(PAGES, ["127.0.0.1", "127.0.0.3"]);
      await answered(() => pages[0]!.received.length > 0);
      expect(pages[0]!.received.length).toBeGreaterThan(0);
    });
  });

  describe("engines, of which one takes orders", () => {
    it.each(["POST", "PATCH", "DELETE"])(
      "are asked until one takes a %s, and each is carried out once",
      async (method) => {
        stands(active, "standby");
        stands(standby, "active");
        const answers = await Promise.all(Array.from({ length: 20 }, () => order(method)));
        expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
        expect(standby.received).toHaveLength(20);
      },
    );

    it("stay in service however often they refuse: another engine's matters are no fault", async () => {
      // As with a database that is away: the engine refuses what needs it, and trades.
      active.answer = ({ path }, response) =>
        path.startsWith("/api/trades") ? response.writeHead(503).end("no database") : response.end("done");
      for (let count = 0; count < 10; count++) {
        expect(await get("/api/trades")).toMatchObject({ status: 503, body: "no database" });
      }
      expect((await order()).status).toBe(200);
    });

    it("never get an order twice when its fate is unknown", async () => {
      active.answer = (_, response) => response.destroy();
      for (const method of ["POST", "PATCH"]) expect((await order(method)).status).toBe(502);
      expect([active.received.length, standby.received.length]).toEqual([2, 0]);
    });

    it("change places in a failover: the dead one is asked three times, the other one at once", async () => {
      await active.stop();
      stands(standby, "active");
      const answers = await Promise.all(Array.from({ length: 8 }, () => order()));
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
      expect(standby.received).toHaveLength(8);
      const asked = await attempts(active);
      expect(asked).toBeGreaterThanOrEqual(3);
      for (let count = 0; count < 20; count++) expect((await order()).status).toBe(200);
      expect(await attempts(active)).toBe(asked);
    });
  });
});
