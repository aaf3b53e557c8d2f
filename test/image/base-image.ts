import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { arch } from "node:os";
import { dirname, join } from "node:path";
import { toolOutput } from "@hft/testing";
import type { ContainerTools } from "./container-tools";

/** Debian's release under the official image that `engine/Dockerfile` names. */
const DEBIAN = "bookworm";
/** Debian's own package; the archive's keys come with it on other systems. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";
/** npm that comes with Node 22 (its CHANGELOG); only the build stage uses it. */
const NPM = "npm@10.9.9";

/**
 * A base that offers what the official Node image does, made without a registry of images: Debian by mmdebstrap, Node
 * and npm as they are published as packages. It is kept under the hash of what it is made of.
 */
export function baseImage(tools: ContainerTools, cache: string): string {
  const node = dirname(require.resolve(`node-linux-${arch()}/package.json`));
  const { version } = JSON.parse(readFileSync(join(node, "package.json"), "utf8")) as { version: string };
  const recipe = createHash("sha256").update(readFileSync(__filename)).update(`${version} ${arch()}`).digest("hex");
  const name = `localhost/hft-test-base:${recipe.slice(0, 16)}`;
  if (tools.tryPodman("image", "exists", name).status === 0) return name;
  const scratch = mkdtempSync(join(cache, "base-"));
  try {
    importImage(tools, name, fileSystem(scratch, node), cache);
    return name;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function fileSystem(scratch: string, node: string): string {
  const root = join(scratch, "root");
  const keyring = existsSync(KEYRING) ? [`--keyring=${KEYRING}`] : [];
  toolOutput("mmdebstrap", [
    "--quiet",
    "--mode=root",
    "--variant=minbase",
    "--include=ca-certificates",
    ...keyring,
    DEBIAN,
    root,
  ]);
  const local = join(root, "usr/local");
  cpSync(join(node, "bin/node"), join(local, "bin/node"));
  chmodSync(join(local, "bin/node"), 0o755);
  const modules = join(local, "lib/node_modules");
  mkdirSync(modules, { recursive: true });
  const archive = toolOutput("npm", ["pack", NPM, "--silent", "--pack-destination", scratch]);
  toolOutput("tar", ["-xzf", join(scratch, archive.trim()), "-C", modules]);
  renameSync(join(modules, "package"), join(modules, "npm"));
  for (const program of ["npm", "npx"]) {
    symlinkSync(`../lib/node_modules/npm/bin/${program}-cli.js`, join(local, "bin", program));
    chmodSync(join(modules, `npm/bin/${program}-cli.js`), 0o755);
  }
  return root;
}

function importImage(tools: ContainerTools, name: string, root: string, cache: string): void {
  const archive = join(mkdtempSync(join(cache, "archive-")), "base.tar");
  try {
    toolOutput("tar", ["--exclude=./dev/*", "-C", root, "-cf", archive, "."]);
    const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    tools.podman("import", "--change", `ENV ${path}`, archive, name);
  } finally {
    rmSync(dirname(archive), { recursive: true, force: true });
  }
}
