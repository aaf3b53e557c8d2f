import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { trackedFiles } from "@hft/testing";
import { ENGINE_ROOMS } from "./engine-rooms";
import { ROOMS, type Room, TEST_DOOR, TEST_MACHINERY } from "./rooms";

/** A folder that is divided into rooms. */
export interface House {
  /** Where it begins, with its slash; empty for the repository. */
  readonly folder: string;
  readonly rooms: Readonly<Record<string, Room>>;
  /** Rooms are entered by their doors only; without doors every module of a room may be imported. */
  readonly doors: boolean;
}

export const REPOSITORY: House = { folder: "", rooms: ROOMS, doors: true };
export const ENGINE: House = { folder: "engine/", rooms: ENGINE_ROOMS, doors: false };

/** Code that git tracks, of one house. */
export function sourceFiles({ folder }: House): string[] {
  return trackedFiles("*.ts", "*.mts", "*.cts", "*.cjs", "*.mjs").filter((file) => file.startsWith(folder));
}

/** Folder of each workspace by its name: `@hft/engine` is `engine`. */
const WORKSPACES = new Map(
  Object.keys(ROOMS)
    .filter((folder) => existsSync(`${folder}/package.json`))
    .map((folder) => [JSON.parse(readFileSync(`${folder}/package.json`, "utf8")).name as string, folder]),
);

/** Targets of imports inside the repository, from the root. */
export function importsOf(file: string): string[] {
  const source = readFileSync(file, "utf8");
  const targets = [...source.matchAll(/(?:from|import|require\(|import\()\s*["']((?:\.|@hft\/)[^"']*)["']/g)];
  return targets.map(([, target]) => {
    const [name] = /^@hft\/[^/]+/.exec(target!) ?? [];
    if (name === undefined) return moduleOf(normalize(join(dirname(file), target!)));
    return target!.replace(name, WORKSPACES.get(name) ?? name);
  });
}

/** A folder is imported for its index. */
const moduleOf = (path: string): string => path.replace(/\/index$/, "").replace(/\/$/, "");

/** Where in its house a file or a module is: the room, and the folder of the room. */
export interface Place {
  readonly room: string;
  readonly folder: string;
}

/** Undefined for what lies outside of the house, or in none of its rooms. */
export function placeOf(house: House, path: string): Place | undefined {
  const inside = insideOf(house, path);
  if (inside === undefined) return undefined;
  for (const [room, { folders = [room] }] of Object.entries(house.rooms)) {
    const folder = folders.find((each) => inside === each || inside.startsWith(`${each}/`));
    if (folder !== undefined) return { room, folder };
  }
  return undefined;
}

/** The path below the house's folder, without the ending of a module. A house's own index is `index`. */
function insideOf({ folder }: House, path: string): string | undefined {
  if (`${path}/` === folder) return "index";
  if (!path.startsWith(folder)) return undefined;
  return path.slice(folder.length).replace(/\.ts$/, "");
}

export const isTestCode = (file: string): boolean =>
  /\.test\.ts$|-fixture(\.ts)?$/.test(file) || file.split("/").includes(TEST_DOOR);

/** Why an import is not allowed, or undefined when it is. */
export function breach(house: House, file: string, target: string): string | undefined {
  const [from, to] = [placeOf(house, file), placeOf(house, target)];
  if (from === undefined || to === undefined) return undefined;
  return house.doors ? throughTheDoor(house, file, target, from.room, to.room) : inOrder(house, file, target, from, to);
}

function throughTheDoor({ rooms }: House, file: string, target: string, room: string, other: string) {
  if (room === other) return undefined;
  const { mayImport } = rooms[room]!;
  if (mayImport === "all") return undefined;
  const open = [...(rooms[other]!.doors ?? []), ...(isTestCode(file) ? [TEST_DOOR] : [])];
  if (isTestCode(file) && other === TEST_MACHINERY && target === other) return undefined;
  if (!mayImport.includes(other)) return `${file}: ${room}/ may not import ${other}/ (${target})`;
  if (target === other || open.some((door) => target === `${other}/${door}` || target.startsWith(`${other}/${door}/`)))
    return undefined;
  return `${file}: imports ${target}; open to ${room}/ is ${[other, ...open.map((door) => `${other}/${door}`)].join(", ")}`;
}

/** Tests look everywhere; nobody looks into tests. */
function inOrder({ rooms }: House, file: string, target: string, from: Place, to: Place) {
  const { mayImport, folders = [from.folder] } = rooms[from.room]!;
  if (isTestCode(file) || mayImport === "all") return undefined;
  if (isTestCode(target)) return `${file}: imports ${target}, which is there for tests`;
  if (from.room !== to.room) {
    return mayImport.includes(to.room) ? undefined : `${file}: ${from.room} may not import ${to.room} (${target})`;
  }
  if (folders.indexOf(to.folder) <= folders.indexOf(from.folder)) return undefined;
  return `${file}: ${from.folder}/ stands before ${to.folder}/ and may not import it (${target})`;
}
