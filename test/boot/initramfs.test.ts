import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool, suiteThatNeeds } from "@hft/testing";
import { writeInitramfs } from "./initramfs";

const hasBusybox = runTool("busybox", ["true"]).status === 0;
const suite = suiteThatNeeds(
  hasBusybox ? undefined : "busybox is not installed, whose cpio reads the initial RAM disk; run test/boot/install.sh",
);

suite("the initial RAM disk", () => {
  it("unpacks to the files, folders and modes that were put in", () => {
    const directory = mkdtempSync(join(tmpdir(), "hft-initramfs-"));
    try {
      const archive = join(directory, "archive.cpio");
      const files = [
        { path: "init", content: Buffer.from("#!/bin/sh\n"), executable: true },
        { path: "etc/engine/engine.json", content: Buffer.from("{}") },
        { path: "bin/odd", content: Buffer.alloc(4097, 7) },
      ];
      writeInitramfs(archive, files);
      const unpacked = runTool("busybox", ["cpio", "-idv"], { cwd: directory, input: readFileSync(archive) });
      expect(unpacked.status).toBe(0);
      for (const { path, content } of files) expect(readFileSync(join(directory, path)).equals(content)).toBe(true);
      const listed = runTool("busybox", ["cpio", "-tv"], { input: readFileSync(archive) }).stdout;
      expect(listed).toMatch(/^-rwxr-xr-x .* init$/m);
      expect(listed).toMatch(/^-rw-r--r-- .* etc\/engine\/engine.json$/m);
      expect(listed).toMatch(/^drwxr-xr-x .* proc$/m);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
