import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { requires, runToolBeside, toolOutput } from "@hft/testing";
import { readWorkflows } from "./workflows";

const { steps } = readWorkflows().find(({ file }) => file === "release.yml")!.jobs.image!;
const look = steps.find(({ name }) => name === "What the registry has of this commit")!;
const DIGEST = `sha256:${"a".repeat(64)}`;

describe("release.yml, run again on one commit", () => {
  it("pushes only what the registry does not have, and signs what it has", () => {
    const [build, ...others] = steps.filter(({ uses, with: given }) => uses?.includes("build-push") && given?.outputs);
    expect(others).toEqual([]);
    expect(build!.if).toContain("steps.released.outputs.digest == ''");
    expect(steps.indexOf(look)).toBeLessThan(steps.indexOf(build!));
  });
});

/** The real AWS CLI reads the answers of ECR by botocore's model. */
requires("aws", "bash")("the question to the registry, asked by the AWS CLI", () => {
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function ask(status: number, answer: object) {
    let request: Record<string, unknown> = {};
    const server = createServer(async (incoming, response) => {
      let body = "";
      for await (const chunk of incoming) body += chunk;
      request = JSON.parse(body);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(answer));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const output = join(folder, "output");
    writeFileSync(output, "");
    const { status: code } = await runToolBeside(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", look.run!],
      {
        env: {
          ...process.env,
          REPOSITORY: "111111111111.dkr.ecr.eu-west-1.amazonaws.com/hft-development/engine",
          ...{ GITHUB_SHA: "c0ffee", GITHUB_OUTPUT: output },
          ...{ AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none", AWS_MAX_ATTEMPTS: "1" },
          AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        },
      },
    );
    server.close();
    return { code, request, output: readFileSync(output, "utf8") };
  }

  it("gives the digest under the commit's tag", async () => {
    const { code, request, output } = await ask(200, { imageDetails: [{ imageDigest: DIGEST }] });
    expect(request).toEqual({ repositoryName: "hft-development/engine", imageIds: [{ imageTag: "c0ffee" }] });
    expect([code, output]).toEqual([0, `digest=${DIGEST}\n`]);
  });

  it("gives none where there is none", async () => {
    const { code, output } = await ask(400, { __type: "ImageNotFoundException", message: "no such image" });
    expect([code, output]).toEqual([0, ""]);
  });

  it("stops where nobody could be asked: that is no permission to push", async () => {
    const { code, output } = await ask(400, { __type: "AccessDeniedException", message: "not allowed" });
    expect(code).not.toBe(0);
    expect(output).toBe("");
  });
});

describe(".ci/propose", () => {
  const folder = mkdtempSync(join(tmpdir(), "propose-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const git = (cwd: string, ...words: string[]) =>
    toolOutput("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], { cwd });

  it("proposes a release once, however often it is run", () => {
    const [origin, clone, programs] = ["origin", "clone", "programs"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    git(folder, "init", "--quiet", "--bare", origin);
    git(folder, "clone", "--quiet", origin, clone);
    mkdirSync(join(clone, "environments"));
    writeFileSync(join(clone, "environments/development.ts"), "old\n");
    git(clone, "add", ".");
    git(clone, "commit", "--quiet", "--message", "first");
    git(clone, "push", "--quiet", "origin", "HEAD:main");
    mkdirSync(programs);
    writeFileSync(join(programs, "gh"), `#!/bin/sh\necho "$@" >> ${join(folder, "asked")}\n`);
    chmodSync(join(programs, "gh"), 0o755);
    const freshCheckout = () => {
      git(clone, "switch", "--quiet", "--detach", "origin/main");
      git(clone, "branch", "--quiet", "-D", "release-a");
    };
    const run = () => {
      writeFileSync(join(clone, "environments/development.ts"), "new\n");
      return toolOutput("bash", [resolve(".ci/propose"), "release-a", "Release a"], {
        cwd: clone,
        env: { ...process.env, PATH: `${programs}:${process.env.PATH}` },
      });
    };
    run();
    freshCheckout();
    expect(run()).toContain("release-a is there already");
    const asked = readFileSync(join(folder, "asked"), "utf8").split("\n");
    expect(asked.filter((line) => line.startsWith("pr create"))).toHaveLength(1);
    expect(git(origin, "log", "--oneline", "release-a").trim().split("\n")).toHaveLength(2);
  });
});
