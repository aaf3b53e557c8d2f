import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requires, runToolBeside } from "@hft/testing";
import { PROMOTION_ORDER } from "../../environments";
import { anEnvironment } from "../../environments/testing";
import { resourcesOf, synthesize } from "../../stacks";
import { readWorkflows } from "./workflows";

const { steps } = readWorkflows().find(({ file }) => file === "deploy.yml")!.jobs.deploy!;
const indexOf = (name: string) => steps.findIndex((step) => step.name === name);
const after = ["Smoke test", "End-to-end test", "Tell who is told of alerts"];

describe("deploy.yml, once an environment is deployed", () => {
  it("tries what users do, then the whole way to the database, and tells when anything has failed", () => {
    const order = ["Deploy what was reviewed", ...after].map(indexOf);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(steps.slice(-1)[0]?.if).toContain("failure()");
  });

  it("does not trade where only a plan was asked for, and lets no failure pass", () => {
    for (const name of after.slice(0, 2)) {
      const step = steps[indexOf(name)]!;
      expect(step.if).toContain("!inputs.plan-only");
      expect(step).not.toHaveProperty("continue-on-error");
    }
  });
});

/** The AWS CLI builds and signs the request by botocore's model of SNS; it is sent to this machine instead. */
requires("aws", "bash")("the message of a failed deploy, sent by the AWS CLI", () => {
  const { run } = steps[indexOf("Tell who is told of alerts")]!;
  const folder = mkdtempSync(join(tmpdir(), "alert-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function tell(environment: string, answer: number): Promise<{ output: string; code: number; request: string }> {
    let request = "";
    const server = createServer((incoming, response) => {
      incoming.on("data", (chunk: Buffer) => {
        request += chunk.toString();
      });
      const result = "<PublishResult><MessageId>1</MessageId></PublishResult>";
      const error = "<Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error>";
      incoming.on("end", () => {
        const body =
          answer === 200 ? `<PublishResponse>${result}</PublishResponse>` : `<ErrorResponse>${error}</ErrorResponse>`;
        response.writeHead(answer, { "content-type": "text/xml" }).end(body);
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { status: code, output } = await runToolBeside(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", run!],
      {
        env: {
          ...process.env,
          ...{
            ENVIRONMENT: environment,
            RUN: "https://github.example/acme/platform/actions/runs/7",
            GITHUB_SHA: "c0ffee",
          },
          ...{
            AWS_ACCESS_KEY_ID: "none",
            AWS_SECRET_ACCESS_KEY: "none",
            AWS_MAX_ATTEMPTS: "1",
            AWS_CONFIG_FILE: folder,
          },
          AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        },
      },
    );
    server.close();
    return { output, code, request };
  }

  it.each(PROMOTION_ORDER)("reaches the topic that the stacks of %s declare, with the run's address", async (name) => {
    const { code, request } = await tell(name, 200);
    const fields = new URLSearchParams(request);
    expect(code).toBe(0);
    expect(fields.get("Action")).toBe("Publish");
    expect(fields.get("Message")).toContain("https://github.example/acme/platform/actions/runs/7");
    const [, , , region, account, topic] = fields.get("TopicArn")!.split(":");
    if (name === "staging") return;
    const input = anEnvironment(name as "development" | "production");
    const declared = synthesize({ [name]: input }, join(folder, name))[0]!.stacks.flatMap(resourcesOf);
    const topics = declared.filter(({ type }) => type === "aws_sns_topic").map(({ body }) => body.name);
    expect(topics).toContain(topic);
    expect([region, account]).toEqual([input.activeRegion, input.accountId]);
  });

  it("keeps the job's own failure in sight where there is no topic yet", async () => {
    const { code, output } = await tell("development", 404);
    expect(code).toBe(0);
    expect(output).toContain(
      "::warning::arn:aws:sns:eu-west-1:111111111111:hft-development-eu-west-1-alerts could not be told",
    );
  });
});
