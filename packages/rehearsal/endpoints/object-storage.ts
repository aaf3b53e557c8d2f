import { createHash } from "node:crypto";
import type { AccountSettings } from "../account/settings";
import type { Cloud } from "../cloud/cloud";
import { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import { decodeChunks } from "./aws-chunked";
import type { HttpRequest, HttpResponse } from "./http-endpoint";
import { replicate } from "./replication";

/**
 * The part of the S3 API that Terraform's backend uses, over the buckets that are deployed: a state can be kept only in
 * a bucket that exists, and is lost with it.
 */
export function objectStorage(
  cloud: Cloud,
  { bucketsOfOthers }: AccountSettings = {},
): (request: HttpRequest) => HttpResponse {
  return (request) => {
    try {
      if (bucketsOfOthers?.includes(request.url.hostname.split(".")[0]!)) {
        throw new CloudError("AccessDenied", "Access Denied", 403);
      }
      return respond(cloud, request);
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      const body = request.method === "HEAD" ? "" : errorDocument(error);
      return { status: error.httpStatus, headers: XML, body };
    }
  };
}

const XML = { "content-type": "application/xml" };

function respond(cloud: Cloud, request: HttpRequest): HttpResponse {
  const bucket = findBucket(cloud, request.url.hostname.split(".")[0]!);
  const key = decodeURIComponent(request.url.pathname.slice(1));
  if (key === "") return request.method === "HEAD" ? { status: 200 } : listing(cloud, bucket, request.url.searchParams);
  switch (request.method) {
    case "GET":
    case "HEAD":
      return read(cloud, bucket, key);
    case "PUT":
      return write(cloud, bucket, key, request);
    case "DELETE":
      cloud.contents.delete(bucket.id, key);
      return { status: 204 };
    default:
      throw new CloudError("MethodNotAllowed", `the rehearsal has no ${request.method} for objects`, 405);
  }
}

function findBucket(cloud: Cloud, name: string): CloudObject {
  const bucket = cloud.list({ type: "aws_s3_bucket", id: name })[0];
  if (!bucket) throw new CloudError("NoSuchBucket", "The specified bucket does not exist", 404);
  if (cloud.lostRegions().includes(bucket.region)) {
    // 403 because Terraform would try a 5xx again for minutes.
    throw new CloudError("RegionUnreachable", `no endpoint in ${bucket.region} answers: the region is lost`, 403);
  }
  return bucket;
}

function read(cloud: Cloud, bucket: CloudObject, key: string): HttpResponse {
  const content = cloud.contents.get(bucket.id, key);
  if (!content) throw new CloudError("NoSuchKey", "The specified key does not exist.", 404);
  return { status: 200, headers: { etag: etagOf(content), "content-type": "application/json" }, body: content };
}

function write(cloud: Cloud, bucket: CloudObject, key: string, { headers, body }: HttpRequest): HttpResponse {
  // How Terraform takes its lock: the write counts only when nobody was first.
  if (headers["if-none-match"] === "*" && cloud.contents.get(bucket.id, key)) {
    throw new CloudError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412);
  }
  const content = headers["content-encoding"]?.includes("aws-chunked") ? decodeChunks(body) : body;
  cloud.contents.put(bucket.id, key, content);
  replicate(cloud, bucket, key, content);
  return { status: 200, headers: { etag: etagOf(content) } };
}

function listing(cloud: Cloud, bucket: CloudObject, parameters: URLSearchParams): HttpResponse {
  const prefix = parameters.get("prefix") ?? "";
  const keys = cloud.contents.keys(bucket.id).filter((key) => key.startsWith(prefix));
  const contents = keys.map((key) => `<Contents><Key>${escaped(key)}</Key></Contents>`).join("");
  const body =
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Name>${escaped(bucket.id)}</Name>` +
    `<Prefix>${escaped(prefix)}</Prefix><KeyCount>${keys.length}</KeyCount><IsTruncated>false</IsTruncated>` +
    `${contents}</ListBucketResult>`;
  return { status: 200, headers: XML, body };
}

function errorDocument({ code, message }: CloudError): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function etagOf(content: Buffer): string {
  return `"${createHash("md5").update(content).digest("hex")}"`;
}
