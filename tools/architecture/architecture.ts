import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs } from "../../environments";
import { stackDiagram, synthesize } from "../../stacks";
import { ENGINE_ROOMS } from "../tidy/engine-rooms";
import { ROOMS } from "../tidy/rooms";

/** ARCHITECTURE.md with its generated parts drawn anew from the code. */
export function withGeneratedParts(document: string): string {
  const parts = {
    rooms: roomTable(),
    "engine-rooms": engineRoomTable(),
    stacks: `\`\`\`mermaid\n${productionDiagram()}\n\`\`\``,
  };
  return Object.entries(parts).reduce((text, [name, content]) => fillPlace(text, name, content), document);
}

/** Puts content between `<!-- name -->` and `<!-- /name -->`. */
function fillPlace(document: string, name: string, content: string): string {
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = document.indexOf(opening) + opening.length;
  const end = document.indexOf(closing);
  if (start < opening.length || end < start)
    throw new Error(`ARCHITECTURE.md: the place ${opening} … ${closing} is missing`);
  return `${document.slice(0, start)}\n${content}\n${document.slice(end)}`;
}

function roomTable(): string {
  const rows = Object.entries(ROOMS).map(([room, { holds, mayImport }]) => {
    const imports =
      mayImport === "all"
        ? "every module, including internal files"
        : mayImport.map((each) => `\`${each}/\``).join(", ") || "nothing";
    return `| \`${room}/\` | ${holds} | ${imports} |`;
  });
  return ["| Folder | Contents | May import |", "|---|---|---|", ...rows].join("\n");
}

function engineRoomTable(): string {
  const rows = Object.entries(ENGINE_ROOMS).map(([room, { folders = [room], holds, mayImport }]) => {
    const code = folders.map((each) => `\`${each}\``).join(", ");
    const imports = mayImport === "all" ? "every module" : mayImport.join(", ") || "nothing";
    return `| ${room} | ${code} | ${holds} | ${imports} |`;
  });
  return ["| Module | Folders | Contents | May import |", "|---|---|---|---|", ...rows].join("\n");
}

function productionDiagram(): string {
  const scratch = mkdtempSync(join(tmpdir(), "hft-diagram-"));
  try {
    const [production] = synthesize({ production: environmentInputs.production }, join(scratch, "cdktf.out"));
    return stackDiagram(production!);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
