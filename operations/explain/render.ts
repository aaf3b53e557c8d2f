import Table from "cli-table3";
import colours from "picocolors";
import { CpuList } from "../../vocabulary";
import type { LanePicture } from "./lane-picture";

type Paint = (text: string) => string;

/** Pictures for a terminal; regions with the same lane share one. */
export function renderLanes(pictures: readonly LanePicture[]): string {
  const alike = new Map<string, LanePicture[]>();
  for (const picture of pictures) {
    const drawn = [cpus(picture), statements(picture), memory(picture), entry(picture)].join("\n\n");
    const shape = `${machine(picture)}\n\n${drawn}`;
    alike.set(shape, [...(alike.get(shape) ?? []), picture]);
  }
  return [...alike]
    .map(([shape, of]) => `${colours.bold(of.map(({ path }) => path).join(", "))}\n${shape.replace(/ +$/gm, "")}`)
    .join("\n\n");
}

function machine({ node }: LanePicture): string {
  const { instanceType, nodes, operatingSystem, cores, numaNodes, memoryMiB, networkGbps } = node;
  return (
    `${nodes} × ${instanceType} with ${operatingSystem}: ${cores} cores of one thread, ` +
    `${numaNodes} NUMA node, ${memoryMiB / 1024} GiB, ${networkGbps} Gbit/s`
  );
}

/** A row for each run of CPUs of one owner, a column for each setting that names CPUs. */
function cpus({ cpus, statements }: LanePicture): string {
  const naming = statements.filter((statement) => statement.layer !== "engine" && statement.cpus !== "");
  const table = plainTable(["CPU", "owner", ...naming.map(({ setting }) => setting)]);
  for (const { owner, list } of runs(cpus)) {
    const marks = naming.map((statement) => (CpuList.tryParse(statement.cpus)!.overlap(list).count > 0 ? "■" : ""));
    table.push([`${list}`, paintOf(owner)(owner), ...marks.map(paintOf(owner))]);
  }
  return table.toString();
}

function statements({ statements }: LanePicture): string {
  const table = plainTable(["said by", "setting", "what it means"]);
  for (const { layer, setting, value, meaning } of statements)
    table.push([layer, `${setting}=${value}`, colours.dim(meaning)]);
  return table.toString();
}

function memory({ memory, hugepages }: LanePicture): string {
  const total = memory.reduce((sum, share) => sum + share.memoryMiB, 0);
  const table = plainTable([`${total / 1024} GiB`, "MiB", ""], ["left", "right", "left"]);
  for (const { owner, memoryMiB } of memory) {
    table.push([owner, memoryMiB, "█".repeat(Math.max(1, Math.round((memoryMiB / total) * BAR_WIDTH)))]);
  }
  const consumers = hugepages.map(({ name, pages }) => `${name} ${pages}`).join(", ");
  return `${table}\n\nhuge pages of 2 MiB by consumer: ${consumers}`;
}

const BAR_WIDTH = 50;

function entry({ entry }: LanePicture): string {
  return entry.join("\n");
}

function runs(cpus: LanePicture["cpus"]): { owner: string; list: CpuList }[] {
  const owners = [...new Set(cpus.map(({ owner }) => owner))];
  return owners.map((owner) => ({
    owner,
    list: CpuList.of(cpus.filter((each) => each.owner === owner).map(({ cpu }) => cpu)),
  }));
}

function paintOf(owner: string): Paint {
  if (owner === "system") return colours.cyan;
  if (!owner.startsWith("engine")) return colours.dim;
  return owner.includes("matching") ? colours.green : colours.yellow;
}

function plainTable(head: string[], colAligns: ("left" | "right")[] = []) {
  const lines = ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"];
  const inner = ["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"];
  const chars = Object.fromEntries([...lines, ...inner].map((name) => [name, ""]));
  return new Table({
    head: head.map(colours.bold),
    colAligns,
    chars: { ...chars, middle: "  " },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
}
