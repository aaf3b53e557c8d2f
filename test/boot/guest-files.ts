import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { newCertificate } from "@hft/engine/testing/certificates";
import { findTool } from "@hft/testing";
import { build } from "esbuild";
import { buildEngine } from "../../engine/build";
import type { ContainerStart } from "./guest/container";
import { type GuestFile, program } from "./initramfs";
import type { LaneUnderTest } from "./lane-under-test";

/** Everything that the guest has: busybox, node, the observer, and the engine with its configuration. */
export async function guestFiles(scratch: string, lane: LaneUnderTest, cpus: string): Promise<GuestFile[]> {
  const observer = join(scratch, "observer.js");
  const image = readImage();
  await bundle([join(__dirname, "guest/observer.ts")], scratch);
  const files = [
    { path: "init", content: readFileSync(join(__dirname, "guest/init.sh")), executable: true },
    { path: "bin/busybox", content: readFileSync(which("busybox")), executable: true },
    ...program("bin/taskset", which("taskset")),
    // The engine takes its data directory with it.
    ...program("bin/flock", which("flock")),
    ...program("bin/node", process.execPath),
    { path: "observer.js", content: readFileSync(observer) },
    { path: "container.json", content: json(containerStart(lane, image, cpus)) },
    ...reservation(lane),
    ...mountedFiles(lane),
    ...identityFiles(lane, scratch),
    ...(await engineFiles(scratch, image)),
  ];
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** Bottlerocket's own setting: its early boot writes the count. AL2023's pages are kernel arguments. */
function reservation({ node }: LaneUnderTest): GuestFile[] {
  const { operatingSystem, hugepages } = node.configuration!;
  return operatingSystem === "bottlerocket" ? [{ path: "hugepages", content: Buffer.from(`${hugepages}`) }] : [];
}

/** What the pod's manifest and the kubelet's static policy make of the container. */
function containerStart({ engine, command }: LaneUnderTest, image: EngineImage, cpus: string): ContainerStart {
  const literals = engine.containers[0]!.env.filter(({ value }) => typeof value === "string");
  return {
    cpus,
    command: command ?? image.entryPoint,
    environment: {
      ...(Object.fromEntries(literals.map(({ name, value }) => [name, value])) as Record<string, string>),
      ENGINE_ORDINAL: "0",
    },
  };
}

/** The engine's image as far as it decides what runs. */
interface EngineImage {
  /** Where it has the engine's build, without the leading slash. */
  readonly folder: string;
  readonly entryPoint: readonly string[];
}

function readImage(): EngineImage {
  const dockerfile = readFileSync("engine/Dockerfile", "utf8");
  const [, line] = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile) ?? [];
  const entryPoint = JSON.parse(line ?? "[]") as string[];
  const program = entryPoint.find((word) => word.endsWith(".js"));
  if (!program) throw new Error("engine/Dockerfile: no ENTRYPOINT that names a program");
  return { folder: dirname(program).slice(1), entryPoint };
}

/** The engine's configuration as it is deployed, except for services that it would reach over a network. */
function mountedFiles({ engineConfiguration }: LaneUnderTest): GuestFile[] {
  const configuration = {
    ...engineConfiguration,
    database: { kind: "none" },
    cache: { kind: "embedded" },
    kafka: { kind: "none" },
  };
  const { secretFile } = engineConfiguration.http.jwt;
  return [
    { path: "etc/engine/engine.json", content: json(configuration) },
    { path: secretFile.slice(1), content: Buffer.from("only for a machine that is never reachable") },
  ];
}

/** What cert-manager would put into the pod: a certificate, its key, and the authority that signed it. */
function identityFiles({ engineConfiguration }: LaneUnderTest, scratch: string): GuestFile[] {
  const { certificateFile, keyFile, authoritiesDirectory } = engineConfiguration.tls;
  const made = newCertificate(scratch);
  return [
    { path: certificateFile.slice(1), content: readFileSync(made.certificateFile) },
    { path: keyFile.slice(1), content: readFileSync(made.keyFile) },
    { path: join(authoritiesDirectory, "own.crt").slice(1), content: readFileSync(made.caFile) },
  ];
}

/** The engine's own build, with its packages folded in, because the guest has no node_modules. */
async function engineFiles(scratch: string, { folder }: EngineImage): Promise<GuestFile[]> {
  const [built, folded] = [join(scratch, "built"), join(scratch, "folded")];
  await buildEngine(built);
  const programs = readdirSync(built).filter((file) => file.endsWith(".js"));
  await bundle(
    programs.map((file) => join(built, file)),
    folded,
  );
  const pages = dirname(require.resolve("@fastify/swagger-ui/package.json"));
  return [
    ...filesUnder(folded, folder),
    ...filesUnder(join(built, "screen"), `${folder}/screen`),
    ...filesUnder(join(pages, "static"), `${folder}/static`),
  ];
}

function bundle(entryPoints: string[], outdir: string) {
  return build({
    entryPoints,
    outdir,
    entryNames: "[name]",
    bundle: true,
    platform: "node",
    nodePaths: ["engine/node_modules", "node_modules"],
    logLevel: "error",
  });
}

function filesUnder(folder: string, guestFolder: string): GuestFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => {
      const file = join(item.parentPath, item.name);
      return { path: join(guestFolder, relative(folder, file)), content: readFileSync(file) };
    });
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function which(tool: string): string {
  return findTool(tool)!;
}
