import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requires, runToolBeside } from "@hft/testing";
import { environmentInputs } from "../../environments";
import { decodeChunks } from "../../packages/rehearsal/endpoints/aws-chunked";
import { synthesize } from "../../stacks";

jest.setTimeout(120_000);

const IDENTITY =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  "<Arn>arn:aws:iam::111111111111:user/test</Arn><UserId>test</UserId><Account>111111111111</Account>" +
  "</GetCallerIdentityResult></GetCallerIdentityResponse>";

const EMPTY_LIST = "<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>";

/** Stands where S3 is, and keeps what is written with its headers. */
class RecordingStorage {
  readonly written: { readonly key: string; readonly headers: IncomingHttpHeaders }[] = [];
  private readonly objects = new Map<string, Buffer>();
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => this.answer(request, Buffer.concat(chunks), response));
  });

  private answer({ method, url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const { pathname: key, searchParams } = new URL(url ?? "/", "http://storage.invalid");
    if (method === "POST") response.setHeader("content-type", "text/xml").end(IDENTITY);
    else if (searchParams.has("list-type")) response.setHeader("content-type", "application/xml").end(EMPTY_LIST);
    else if (method === "PUT") {
      this.written.push({ key, headers });
      this.objects.set(key, headers["content-encoding"]?.includes("aws-chunked") ? decodeChunks(body) : body);
      response.setHeader("etag", '"0"').end();
    } else if (method === "DELETE") response.writeHead(204).end();
    else if (this.objects.has(key)) response.setHeader("etag", '"0"').end(this.objects.get(key));
    else response.writeHead(404).end();
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

requires("terraform")("states, written by the real Terraform", () => {
  let directory: string;
  const storage = new RecordingStorage();

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "hft-states-"));
  });
  afterAll(async () => {
    await storage.close();
    rmSync(directory, { recursive: true, force: true });
  });

  // S3 takes an algorithm in a request before the bucket's default: with one of its own a state would not be under the
  // key. Source: S3 User Guide, "Setting default server-side encryption behavior for Amazon S3 buckets".
  it("leave their encryption to the bucket, which names the key", async () => {
    const proxy = await storage.listen();
    synthesize({ development: environmentInputs.development }, join(directory, "tree"));
    const stack = join(directory, "tree/stacks/development-eu-west-1-network/cdk.tf.json");
    const { backend } = (JSON.parse(readFileSync(stack, "utf8")) as { terraform: { backend: object } }).terraform;
    const resource = { terraform_data: { anything: { input: "anything" } } };
    writeFileSync(join(directory, "main.tf.json"), JSON.stringify({ terraform: { backend }, resource }));

    for (const command of [["init"], ["apply", "-auto-approve"]]) {
      expect(await terraform(directory, proxy, [...command, "-input=false", "-no-color"])).toBe("");
    }
    const states = storage.written.filter(({ key }) => key.endsWith(".tfstate"));
    expect(states.length).toBeGreaterThan(0);
    for (const { headers } of states) expect(headers).not.toHaveProperty("x-amz-server-side-encryption");
  });
});

/** Runs Terraform, which reaches nothing but the proxy. Returns what it wrote to stderr. */
async function terraform(directory: string, proxy: string, args: readonly string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: "http://sts.storage.invalid",
    AWS_ENDPOINT_URL_S3: "http://s3.storage.invalid",
    HTTP_PROXY: proxy,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_EC2_METADATA_DISABLED: "true",
    CHECKPOINT_DISABLE: "1",
  };
  return (await runToolBeside("terraform", args, { cwd: directory, env })).stderr;
}
