import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { repositoryFiles, toolOutput } from "@hft/testing";
import type { ContainerTools } from "./container-tools";

/** An image as it stands in the store. */
export interface BuiltImage {
  readonly name: string;
  /** Hash of its configuration, which names the hashes of all layers: what an image is called by content. */
  readonly id: string;
  /** Hashes of the uncompressed layers, those of the base first. */
  readonly layers: readonly string[];
  readonly bytes: number;
}

/**
 * Builds `engine/Dockerfile` from a copy of the checkout in a folder of its own: times of files and the name of the
 * folder differ from build to build, and nothing that Git does not know reaches the builder.
 */
export async function buildEngineImage(tools: ContainerTools, name: string, base: string): Promise<BuiltImage> {
  const scratch = mkdtempSync(join(tmpdir(), "hft-image-"));
  try {
    const context = join(scratch, "checkout");
    copyCheckout(context);
    await tools.buildah(
      "build",
      "--isolation=chroot",
      "--no-cache",
      "--layers=false",
      "--format=oci",
      // What SOURCE_DATE_EPOCH with rewrite-timestamp does in BuildKit: one time for all files and for the image.
      `--timestamp=${timeOfCommit()}`,
      `--build-arg=NODE_IMAGE=${base}`,
      ...packageSource(scratch),
      `--file=${join(context, "engine/Dockerfile")}`,
      `--tag=${name}`,
      context,
    );
    return inspectImage(tools, name);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

export function inspectImage(tools: ContainerTools, name: string): BuiltImage {
  const [image] = JSON.parse(tools.podman("image", "inspect", name)) as [
    { Id: string; Size: number; RootFS: { Layers: string[] } },
  ];
  return { name, id: image.Id, layers: image.RootFS.Layers, bytes: image.Size };
}

function copyCheckout(target: string): void {
  for (const file of repositoryFiles()) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(file, join(target, file), { verbatimSymlinks: true });
  }
}

const timeOfCommit = () => toolOutput("git", ["log", "-1", "--format=%ct"]).trim();

/** Packages come from wherever they come from on this machine, be it behind an authority of its own. */
function packageSource(directory: string): string[] {
  const setting = (name: string) => toolOutput("npm", ["config", "get", name]).trim();
  const configured = setting("cafile");
  // npm itself says of an authority that it does not know only "Exit handler never called!", after minutes.
  const authorities = configured === "null" ? process.env.NODE_EXTRA_CA_CERTS : configured;
  const file = join(directory, "npmrc");
  writeFileSync(
    file,
    [`registry=${setting("registry")}`, ...(authorities ? [`cafile=${authorities}`] : []), ""].join("\n"),
  );
  return [`--secret=id=npmrc,src=${file}`, ...(authorities ? [`--volume=${authorities}:${authorities}:ro`] : [])];
}
