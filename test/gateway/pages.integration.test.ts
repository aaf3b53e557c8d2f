import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { requires, until } from "@hft/testing";
import { ask } from "../../charts/testing/gateway-client";
import { RealEntrance } from "../../charts/testing/real-entrance";
import { freePorts, RealNginx } from "../../charts/testing/real-nginx";
import { StubNames } from "../../charts/testing/stub-names";
import { StubUpstream } from "../../charts/testing/stub-upstream";
import { EngineCertificates } from "./engine-certificates";

/** Generous: machines that build are busy. */
const LONG_MS = 120_000;
const PAGES = "frontend.front.svc.cluster.local";
const HOSTS = ["127.0.0.1", "127.0.0.3"] as const;

/** A worker that was told to end goes on with the authorities that it knows for so long. */
const WORKER_ENDS_MS = 4_000;
const shortly = (rendered: string): string =>
  rendered
    .replace("keepalive_min_timeout 50s", "keepalive_min_timeout 2s")
    .replace("worker_shutdown_timeout 60s", "worker_shutdown_timeout 3s");

requires("nginx", "openssl")("from the real gateway by TLS through the entrances of two pods to their pages", () => {
  let certificates: EngineCertificates;
  let pages: StubUpstream[];
  let entrances: RealEntrance[];
  let names: StubNames;
  let nginx: RealNginx;
  let port: number;
  let clients: number;

  beforeEach(async () => {
    clients = 0;
    certificates = new EngineCertificates();
    certificates.issue(certificates.authority, [], PAGES);
    const [entrancePort, ...pagesPorts] = await freePorts(3);
    port = entrancePort!;
    pages = pagesPorts.map((own) => new StubUpstream("127.0.0.1", own));
    for (const each of pages) {
      each.answer = (_, response) => response.end("page");
      await each.start();
    }
    const identityFolder = dirname(certificates.files.certificateFile);
    entrances = await Promise.all(
      HOSTS.map((host, index) => RealEntrance.start({ host, port, pagesPort: pagesPorts[index]!, identityFolder })),
    );
    names = await new StubNames().start();
    names.addresses.set(PAGES, HOSTS);
    nginx = await RealNginx.prepare(
      {
        engines: ["127.0.0.1:1"],
        engineTls: certificates.engineTls,
        frontend: `${PAGES}:${port}`,
        frontendName: PAGES,
        nameServer: names.address,
        logPort: 5531,
      },
      shortly,
    );
    await nginx.start();
    // Names are asked for after the start.
    await until(async () => (await get()).status === 200);
    for (const each of pages) each.received.length = 0;
  }, LONG_MS);
  afterEach(async () => {
    await nginx.stop();
    names.stop();
    for (const each of [...entrances, ...pages]) await each.stop();
    certificates.remove();
  }, LONG_MS);

  /** Of a new client each time: one alone cannot go beyond the gateway's limits. */
  const get = (method = "GET") => {
    clients += 1;
    return ask(nginx, {
      path: "/",
      method,
      client: `203.0.${113 + Math.floor(clients / 250)}.${(clients % 250) + 1}`,
    });
  };
  const received = () => pages.flatMap((each) => each.received);
  const reloads = () => nginx.output().split("certificate authorities have changed; NGINX reloads").length - 1;

  /** Statuses of what some readers ask for while something happens. */
  async function whileReading(happening: () => Promise<void>, method = "GET"): Promise<Record<number, number>> {
    const statuses: Record<number, number> = {};
    let running = true;
    const reader = async () => {
      while (running) {
        const { status } = await get(method);
        statuses[status] = (statuses[status] ?? 0) + 1;
        await sleep(20);
      }
    };
    const readers = [1, 2, 3].map(reader);
    await happening();
    running = false;
    await Promise.all(readers);
    return statuses;
  }

  it(
    "tells the pages who asks and by which name, whole bodies, and nothing of the hop between",
    async () => {
      const body = Buffer.alloc(3_000_000, "x");
      const answer = await ask(nginx, { path: "/form?a=1", method: "POST", client: "203.0.113.9", body });
      expect(answer).toMatchObject({ status: 200, body: "page" });
      expect(received()).toHaveLength(1);
      expect(received()[0]).toMatchObject({
        method: "POST",
        path: "/form?a=1",
        bodyBytes: body.length,
        headers: { host: "trade.example.com", "x-real-ip": "203.0.113.9", "x-forwarded-proto": "https" },
      });
    },
    LONG_MS,
  );

  it(
    "shows a renewed certificate at once and without a reload, then one of the next authority; readers notice nothing",
    async () => {
      const { authority } = certificates;
      const next = certificates.newAuthority("Next authority");
      const before = await shownAt(port);
      const statuses = await whileReading(async () => {
        await sleep(500);
        certificates.issue(authority, [], PAGES);
        expect(await shownAt(port)).not.toBe(before);
        certificates.believe([authority, next]);
        await until(async () => reloads() === 1);
        await sleep(WORKER_ENDS_MS);
        certificates.issue(next, [], PAGES);
        certificates.believe([next]);
        await until(async () => reloads() === 2);
        await sleep(WORKER_ENDS_MS);
      });
      expect(Object.keys(statuses)).toEqual(["200"]);
      expect(statuses[200]).toBeGreaterThan(50);
      expect(entrances.map((each) => each.output())).toEqual(["", ""]);
    },
    LONG_MS,
  );

  it(
    "is refused with another name, or another authority's certificate, before anything is sent",
    async () => {
      certificates.issue(certificates.authority, [], "another.example");
      for (const each of entrances) await each.stop();
      const identityFolder = dirname(certificates.files.certificateFile);
      const again = () =>
        Promise.all(
          HOSTS.map((host, index) =>
            RealEntrance.start({
              host,
              port,
              pagesPort: Number(pages[index]!.address.split(":")[1]),
              identityFolder,
            }),
          ),
        );
      entrances = await again();
      expect((await get()).status).toBe(502);
      expect(nginx.output()).toContain(`upstream SSL certificate does not match "${PAGES}"`);
      certificates.issue(certificates.newAuthority("Stranger"), [], PAGES);
      await until(async () => {
        await get();
        return /upstream SSL certificate verify error/.test(nginx.output());
      });
      expect(received()).toEqual([]);
    },
    LONG_MS,
  );

  it(
    "goes to the other pod when the pages of one are gone and its entrance is not",
    async () => {
      await pages[0]!.stop();
      const statuses: number[] = [];
      for (let count = 0; count < 12; count++) statuses.push((await get()).status);
      expect(statuses).toEqual(Array(12).fill(200));
      expect(nginx.output()).toContain("upstream prematurely closed connection");
    },
    LONG_MS,
  );

  it(
    "passes on what the pages themselves answer, errors too",
    async () => {
      for (const each of pages) each.answer = (_, response) => response.writeHead(502).end("of the pages");
      expect(await get()).toMatchObject({ status: 502, body: "of the pages" });
    },
    LONG_MS,
  );

  it(
    "loses nothing when a pod leaves (its name goes, then its entrance, then its pages), not even what is never sent twice",
    async () => {
      for (const each of pages) each.answer = (_, response) => setTimeout(() => response.end("page"), 200);
      const statuses = await whileReading(async () => {
        await sleep(500);
        names.addresses.set(PAGES, [HOSTS[1]]);
        await entrances[0]!.quit();
        await pages[0]!.stop();
        await sleep(500);
      }, "POST");
      expect(Object.keys(statuses)).toEqual(["200"]);
    },
    LONG_MS,
  );
});

/** Fingerprint of what an entrance shows. */
function shownAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: HOSTS[0], port, servername: PAGES, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
