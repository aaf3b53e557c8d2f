import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cloud } from "../cloud/cloud";
import type { CloudObject } from "../cloud/cloud-object";
import { awsApi } from "./aws-api";
import type { HttpRequest } from "./http-endpoint";

const bucket = (id: string, region: string): CloudObject => ({
  type: "aws_s3_bucket",
  id,
  owner: "222222222222",
  region,
  attributes: { id, bucket: id },
});

describe("the endpoint of Terraform's backend", () => {
  let directory: string;
  let cloud: Cloud;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "cloud-"));
    cloud = Cloud.open(directory);
    cloud.put(bucket("states", "eu-west-1"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function call(method: string, path: string, more: Partial<HttpRequest> = {}) {
    const url = new URL(`http://states.s3.rehearsal.invalid${path}`);
    const { body = "", ...response } = awsApi(cloud)({ method, url, headers: {}, body: Buffer.alloc(0), ...more });
    return { ...response, body: body.toString() };
  }
  const put = (key: string, content: string, headers = {}) => call("PUT", key, { body: Buffer.from(content), headers });

  it("keeps what is put, and lists it", () => {
    expect(call("GET", "/network.tfstate")).toMatchObject({ status: 404, body: expect.stringContaining("NoSuchKey") });
    expect(put("/network.tfstate", '{"serial":1}').status).toBe(200);
    expect(call("GET", "/network.tfstate")).toMatchObject({ status: 200, body: '{"serial":1}' });
    expect(call("GET", "/?list-type=2&prefix=net").body).toContain("<Key>network.tfstate</Key>");
    expect(call("GET", "/?list-type=2&prefix=env%3A%2F").body).toContain("<KeyCount>0</KeyCount>");
    expect(call("DELETE", "/network.tfstate").status).toBe(204);
    expect(call("HEAD", "/network.tfstate").status).toBe(404);
  });

  it("gives a lock to the first who asks", () => {
    const onlyNew = { "if-none-match": "*" };
    expect(put("/network.tfstate.tflock", "first", onlyNew).status).toBe(200);
    expect(put("/network.tfstate.tflock", "second", onlyNew)).toMatchObject({
      status: 412,
      body: expect.stringContaining("PreconditionFailed"),
    });
    expect(call("GET", "/network.tfstate.tflock").body).toBe("first");
  });

  it("reads uploads in chunks", () => {
    const chunks = '4;chunk-signature=ab\r\n{"a"\r\n3\r\n:1}\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n';
    expect(put("/a.tfstate", chunks, { "content-encoding": "aws-chunked" }).status).toBe(200);
    expect(call("GET", "/a.tfstate").body).toBe('{"a":1}');
  });

  it("has only buckets that were deployed, in regions that answer", () => {
    const elsewhere = { url: new URL("http://others.s3.rehearsal.invalid/a.tfstate") };
    expect(call("GET", "", elsewhere)).toMatchObject({ status: 404, body: expect.stringContaining("NoSuchBucket") });
    cloud.loseRegion("eu-west-1");
    expect(call("GET", "/a.tfstate")).toMatchObject({ status: 403, body: expect.stringContaining("region is lost") });
  });

  it("copies to where a replication points, as long as that region stands", () => {
    cloud.put(bucket("copies", "eu-central-1"));
    cloud.put({
      ...bucket("states", "eu-west-1"),
      type: "aws_s3_bucket_replication_configuration",
      attributes: { bucket: "states", rule: [{ status: "Enabled", destination: [{ bucket: "arn:aws:s3:::copies" }] }] },
    });
    put("/network.tfstate", "1");
    expect(cloud.contents.get("copies", "network.tfstate")?.toString()).toBe("1");
    cloud.loseRegion("eu-central-1");
    put("/network.tfstate", "2");
    expect(cloud.contents.get("copies", "network.tfstate")?.toString()).toBe("1");
  });

  it("tells who is asking, and nothing else of AWS", () => {
    const url = new URL("http://aws.rehearsal.invalid/");
    const scope = "AWS4-HMAC-SHA256 Credential=AKIAREHEARSAL/20261128/eu-west-1/sts/aws4_request, SignedHeaders=host";
    const sts = (action: string, authorization = scope) =>
      call("POST", "/", {
        url,
        headers: { authorization, "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
        body: Buffer.from(`Action=${action}&Version=2011-06-15`),
      });
    expect(sts("GetCallerIdentity")).toMatchObject({ status: 200, body: expect.stringContaining("<Account>") });
    expect(sts("AssumeRole").status).toBe(400);
    expect(sts("GetCallerIdentity", "").status).toBe(400);
    expect(call("GET", "/", { url: new URL("http://example.com/") }).status).toBe(502);
  });
});
