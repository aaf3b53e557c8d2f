import { createHash, createHmac } from "node:crypto";
import { cacheToken } from "./cache-token";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** AWS's own recipe for the signature of a presigned request, written out (Signature Version 4, query parameters). */
function signatureOf(token: string, secret: string): string {
  const [host, query] = token.split("/?") as [string, string];
  const signed = query.split("&").filter((parameter) => !parameter.startsWith("X-Amz-Signature="));
  const time = new URLSearchParams(query).get("X-Amz-Date")!;
  const scope = new URLSearchParams(query).get("X-Amz-Credential")!.split("/").slice(1).join("/");
  const canonical = ["GET", "/", signed.sort().join("&"), `host:${host}`, "", "host", sha256("")].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = scope.split("/").reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secret}`);
  return hmac(key, text).toString("hex");
}

describe("the token for ElastiCache", () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env.AWS_ACCESS_KEY_ID = "AKIDEXAMPLE";
    process.env.AWS_SECRET_ACCESS_KEY = "example-of-a-key";
  });
  afterEach(() => {
    process.env = { ...before };
  });

  it("is a request to connect as the user, signed for 15 minutes with the pod's identity", async () => {
    const token = await cacheToken({ replicationGroup: "hft-cache", user: "hft-engine", region: "eu-west-1" });
    const query = new URLSearchParams(token.slice(token.indexOf("?")));
    expect(token).toMatch(/^hft-cache\/\?/);
    expect(Object.fromEntries(query)).toMatchObject({
      Action: "connect",
      User: "hft-engine",
      "X-Amz-Expires": "900",
      "X-Amz-Credential": expect.stringMatching(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/elasticache\/aws4_request$/),
      "X-Amz-Signature": signatureOf(token, "example-of-a-key"),
    });
  });
});
