import { chownSync, copyFileSync, cpSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { DIST, externalPackages } from "../build";
import { isLoadedAtRunTime } from "./runtime-files";
import { type InstalledPackage, runtimePackages } from "./runtime-packages";

/** Who the engine runs as. Above 10,000 on purpose: such ids belong to nobody on a node. */
const ENGINE_ID = 10_001;

/** Lays out what the image adds to its base: the bundle, the packages that it loads, and the data's folder. */
function layOut(target: string): void {
  const root = resolve(__dirname, "../..");
  const home = join(target, "opt/hft");
  cpSync(DIST, join(home, "engine/dist"), { recursive: true });
  for (const installed of runtimePackages(externalPackages(), join(root, "engine"))) {
    copyLoadedFiles(installed, join(home, relative(root, installed.directory)));
  }
  const data = join(target, "var/lib/engine");
  mkdirSync(data, { recursive: true });
  chownSync(data, ENGINE_ID, ENGINE_ID);
}

function copyLoadedFiles({ name, directory }: InstalledPackage, target: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const path = relative(directory, file);
    if (!entry.isFile() || !isLoadedAtRunTime(name, path)) continue;
    mkdirSync(dirname(join(target, path)), { recursive: true });
    copyFileSync(file, join(target, path));
  }
}

const [target] = process.argv.slice(2);
if (target) layOut(resolve(target));
else {
  process.stderr.write("name the folder that is laid out: tsx engine/image/main.ts /layout\n");
  process.exitCode = 1;
}
