import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { checkConfiguration } from "../configuration";
import { signToken, TokenVerifier } from "./tokens";

const directory = mkdtempSync(join(tmpdir(), "engine-tokens-"));
const secretFile = join(directory, "secret");
const secret = Buffer.from(randomBytes(32).toString("hex"));
writeFileSync(secretFile, secret);
const { jwt } = checkConfiguration({ http: { jwt: { secretFile } } }).http;
const trader = { subject: "ann", account: 7, scopes: ["read", "trade"], lifetimeSeconds: 60 } as const;
const unauthorized = expect.objectContaining({ code: "UNAUTHORIZED" });

describe("TokenVerifier with a shared secret", () => {
  const verifier = TokenVerifier.create(jwt, 100);

  it("knows who signed in, for which account and with which scopes", async () => {
    const identity = await verifier.verify(await signToken(jwt, secret, trader));
    expect(identity).toMatchObject({ subject: "ann", account: 7 });
    expect([...identity.scopes]).toEqual(["read", "trade"]);
  });

  it("remembers a token without keeping it beyond its end", async () => {
    let nowMs = Date.now();
    const remembering = TokenVerifier.create(jwt, 100, () => nowMs);
    const token = await signToken(jwt, secret, { ...trader, lifetimeSeconds: 10 });
    await remembering.verify(token);
    expect(remembering.recall(token)).toMatchObject({ subject: "ann" });
    nowMs += 10_001;
    expect(remembering.recall(token)).toBeUndefined();
  });

  it("ends a token when it says so, for whoever has not been seen before too", async () => {
    let nowMs = Date.now();
    const strict = TokenVerifier.create(jwt, 100, () => nowMs);
    const token = await signToken(jwt, secret, { ...trader, lifetimeSeconds: 3 });
    nowMs += 3_000;
    await expect(strict.verify(token)).rejects.toMatchObject({ detail: "the token has expired" });
  });

  it("does not take another token with a remembered signature", async () => {
    const token = await signToken(jwt, secret, trader);
    await verifier.verify(token);
    const [, , signature] = token.split(".");
    const forged = `${Buffer.from('{"alg":"HS256"}').toString("base64url")}.${Buffer.from('{"sub":"eve","scope":"admin"}').toString("base64url")}.${signature}`;
    expect(verifier.recall(forged)).toBeUndefined();
    await expect(verifier.verify(forged)).rejects.toEqual(unauthorized);
  });

  it("takes no other token for the one that a connection brought before", async () => {
    const connection = {};
    const token = await signToken(jwt, secret, trader);
    await verifier.verify(token);
    expect(verifier.recall(token, connection)).toMatchObject({ subject: "ann" });
    expect(verifier.recall(token, connection)).toMatchObject({ subject: "ann" });
    expect(verifier.recall(`x${token.slice(1)}`, connection)).toBeUndefined();
    const other = await signToken(jwt, secret, { ...trader, subject: "bob" });
    await verifier.verify(other);
    expect(verifier.recall(other, connection)).toMatchObject({ subject: "bob" });
  });

  it("checks a token once for all who bring it meanwhile, and again after it was refused", async () => {
    const token = await signToken(jwt, secret, trader);
    const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    for (const identity of others) expect(identity).toBe(first);
    const lateFile = join(directory, "late");
    writeFileSync(lateFile, randomBytes(32).toString("hex"));
    const late = TokenVerifier.create({ ...jwt, secretFile: lateFile }, 100);
    const refusals = await Promise.allSettled([late.verify(token), late.verify(token)]);
    expect(refusals.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    writeFileSync(lateFile, secret);
    await expect(late.verify(token)).resolves.toMatchObject({ subject: "ann" });
  });

  it("does not take a check with the old secret for one with the new", async () => {
    const changedFile = join(directory, "changed");
    writeFileSync(changedFile, secret);
    const changing = TokenVerifier.create({ ...jwt, secretFile: changedFile }, 100);
    const token = await signToken(jwt, secret, trader);
    const begun = changing.verify(token);
    // It has the secret by then, and its signature is being checked.
    for (let step = 0; step < 5; step += 1) await undefined;
    writeFileSync(changedFile, randomBytes(32).toString("hex"));
    await changing.refreshKeys();
    await expect(changing.verify(token)).rejects.toEqual(unauthorized);
    await expect(begun).resolves.toMatchObject({ subject: "ann" });
  });

  it("accepts the new secret as soon as the file is rotated, and the old one no more", async () => {
    const rotatedFile = join(directory, "rotated");
    writeFileSync(rotatedFile, secret);
    const rotating = TokenVerifier.create({ ...jwt, secretFile: rotatedFile }, 100);
    const next = Buffer.from(randomBytes(32).toString("hex"));
    const before = await signToken(jwt, secret, trader);
    await rotating.verify(before);
    writeFileSync(rotatedFile, next);
    await rotating.refreshKeys();
    expect(rotating.recall(before)).toBeUndefined();
    await expect(rotating.verify(await signToken(jwt, next, trader))).resolves.toMatchObject({ subject: "ann" });
    await expect(rotating.verify(await signToken(jwt, secret, trader))).rejects.toEqual(unauthorized);
  });

  it.each<[string, () => Promise<string>]>([
    ["an expired token", () => signToken(jwt, secret, { ...trader, lifetimeSeconds: -60 })],
    ["another secret", () => signToken(jwt, randomBytes(32), trader)],
    ["another issuer", () => signToken({ ...jwt, issuer: "elsewhere" }, secret, trader)],
    ["another audience", () => signToken({ ...jwt, audience: "elsewhere" }, secret, trader)],
    ["an account out of range", () => signToken(jwt, secret, { ...trader, account: 101 })],
    ["an account that is no whole number", () => signToken(jwt, secret, { ...trader, account: 1.5 })],
    ["a subject that is no line", () => signToken(jwt, secret, { ...trader, subject: "ann\nroot" })],
    [
      "a token without an end",
      () =>
        new SignJWT({ sub: "ann" })
          .setProtectedHeader({ alg: "HS256" })
          .setIssuer(jwt.issuer)
          .setAudience(jwt.audience)
          .sign(secret),
    ],
    [
      "an unsigned token",
      async () =>
        `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from('{"sub":"eve"}').toString("base64url")}.`,
    ],
    ["noise", async () => "not.a.token"],
    ["nothing", async () => ""],
  ])("refuses %s", async (_, token) => {
    await expect(verifier.verify(await token())).rejects.toEqual(unauthorized);
  });

  it("refuses to start with a secret that can be guessed", () => {
    const weak = join(directory, "weak");
    writeFileSync(weak, "hunter2");
    expect(() => TokenVerifier.create({ ...jwt, secretFile: weak }, 100)).toThrow(/7 bytes; give at least 32/);
  });
});

describe("TokenVerifier with an identity provider", () => {
  let server: Server;
  let keys: object[] = [];
  let lookups = 0;
  let status = 200;
  const provider = () => ({
    ...jwt,
    secretFile: undefined,
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
  });
  const signed = async (privateKey: Parameters<SignJWT["sign"]>[0], kid: string) =>
    new SignJWT({ scope: "admin" })
      .setProtectedHeader({ alg: "ES256", kid })
      .setSubject("ops")
      .setIssuer(jwt.issuer)
      .setAudience(jwt.audience)
      .setExpirationTime("1m")
      .sign(privateKey);

  beforeAll(async () => {
    server = createServer((_, response) => {
      lookups += 1;
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("accepts a token signed by one of its keys, and no other", async () => {
    const known = await generateKeyPair("ES256");
    const unknown = await generateKeyPair("ES256");
    keys = [{ ...(await exportJWK(known.publicKey)), kid: "one", alg: "ES256" }];
    const verifier = TokenVerifier.create(provider(), 100);
    await expect(verifier.verify(await signed(known.privateKey, "one"))).resolves.toMatchObject({
      subject: "ops",
      account: undefined,
    });
    await expect(verifier.verify(await signed(unknown.privateKey, "one"))).rejects.toEqual(unauthorized);
  });

  describe("whose keys change", () => {
    let nowMs: number;
    const pair = async (kid: string) => {
      const { privateKey, publicKey } = await generateKeyPair("ES256");
      return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: "ES256" } };
    };
    beforeEach(() => {
      nowMs = Date.now();
      lookups = 0;
      // jose reads the clock itself.
      jest.spyOn(Date, "now").mockImplementation(() => nowMs);
    });
    afterEach(() => {
      status = 200;
      jest.restoreAllMocks();
    });

    it("refuses a withdrawn key 30 s later at most, whatever was remembered of it", async () => {
      const old = await pair("old");
      keys = [old.jwk];
      const verifier = TokenVerifier.create(provider(), 100);
      const token = await signed(old.privateKey, "old");
      await verifier.verify(token);
      keys = [(await pair("new")).jwk];
      const began = nowMs;
      // Used all the time, so that it is remembered and verified again as often and as late as can be.
      while (nowMs < began + 30_000) {
        nowMs += 500;
        const refused = await verifier.verify(token).then(
          () => false,
          () => true,
        );
        if (refused) break;
      }
      expect(nowMs - began).toBeLessThan(30_000);
      expect(verifier.recall(token)).toBeUndefined();
    });

    it("forgets what was verified with other keys as soon as it hears of new ones", async () => {
      const old = await pair("old");
      keys = [old.jwk];
      const verifier = TokenVerifier.create(provider(), 100);
      const token = await signed(old.privateKey, "old");
      await verifier.verify(token);
      keys = [(await pair("new")).jwk];
      nowMs += 1_500;
      await verifier.refreshKeys();
      expect(verifier.recall(token)).toBeUndefined();
      await expect(verifier.verify(token)).rejects.toEqual(unauthorized);
    });

    it("takes a new key at once, with one lookup for all who ask", async () => {
      const [old, next] = [await pair("old"), await pair("next")];
      keys = [old.jwk];
      const verifier = TokenVerifier.create(provider(), 100);
      await verifier.verify(await signed(old.privateKey, "old"));
      keys = [old.jwk, next.jwk];
      const token = await signed(next.privateKey, "next");
      const asking = Array.from({ length: 50 }, () => verifier.verify(token));
      // A second of waiting, in which the clock goes on.
      setTimeout(() => (nowMs += 1_100), 300);
      await Promise.all(asking);
      expect(lookups).toBe(2);
    });

    it("asks the provider once a second at most for keys that nobody has", async () => {
      const old = await pair("old");
      keys = [old.jwk];
      const verifier = TokenVerifier.create(provider(), 100);
      await verifier.verify(await signed(old.privateKey, "old"));
      setTimeout(() => (nowMs += 1_100), 300);
      const forged = await Promise.all(Array.from({ length: 40 }, (_, each) => signed(old.privateKey, `kid-${each}`)));
      const answers = await Promise.allSettled(forged.map((token) => verifier.verify(token)));
      expect(new Set(answers.map(({ status: outcome }) => outcome))).toEqual(new Set(["rejected"]));
      expect(lookups).toBe(2);
    });

    it("goes on with the last keys while the provider is away, for ten minutes, asking it every few seconds", async () => {
      const old = await pair("old");
      keys = [old.jwk];
      const verifier = TokenVerifier.create(provider(), 100);
      const token = () => signed(old.privateKey, "old");
      await verifier.verify(await token());
      status = 500;
      nowMs += 20_000;
      for (let index = 0; index < 20; index++) await verifier.verify(await token());
      expect(lookups).toBe(2);
      nowMs += 600_000;
      await expect(
        verifier.verify(
          await new SignJWT({ scope: "read" })
            .setProtectedHeader({ alg: "ES256", kid: "old" })
            .setSubject("late")
            .setIssuer(jwt.issuer)
            .setAudience(jwt.audience)
            .setExpirationTime(Math.floor(nowMs / 1000) + 60)
            .sign(old.privateKey),
        ),
      ).rejects.toEqual(expect.objectContaining({ code: "STORE_UNAVAILABLE" }));
    });
  });

  it("does not take the public key for a shared secret", async () => {
    const { publicKey } = await generateKeyPair("ES256");
    const jwk = { ...(await exportJWK(publicKey)), kid: "one", alg: "ES256" };
    keys = [jwk];
    const token = await signToken(jwt, Buffer.from(JSON.stringify(jwk)), trader);
    await expect(TokenVerifier.create(provider(), 100).verify(token)).rejects.toEqual(unauthorized);
  });

  it("says that the provider is away instead of blaming the token", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    const verifier = TokenVerifier.create({ ...jwt, secretFile: undefined, jwksUrl: "http://127.0.0.1:1/jwks" }, 100);
    await expect(verifier.verify(await signed(privateKey, "one"))).rejects.toEqual(
      expect.objectContaining({ code: "STORE_UNAVAILABLE" }),
    );
  });
});
