// Runs inside the container: what the kernel says of this process, and where it may write.
const { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const status = readFileSync("/proc/self/status", "utf8");
const field = (name) => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)[1].split("\t")[0];

function write(path) {
  if (!statSync(path).isDirectory()) return closeSync(openSync(path, "r+"));
  const file = join(path, ".written-by-the-image-test");
  writeFileSync(file, "");
  rmSync(file);
}

function errorOfWriting(path) {
  try {
    write(path);
    return undefined;
  } catch (error) {
    return error.code;
  }
}

process.stdout.write(
  JSON.stringify({
    user: process.getuid(),
    capabilities:
      ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"].map(field).find((set) => /[^0]/.test(set)) ?? "none",
    noNewPrivileges: field("NoNewPrivs") === "1",
    seccomp: field("Seccomp") === "2",
    writing: Object.fromEntries(JSON.parse(process.env.PATHS).map((path) => [path, errorOfWriting(path)])),
  }),
);
