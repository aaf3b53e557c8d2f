import { readFileSync } from "node:fs";
import { treeIn } from "../commands/sides";
import { buildReport } from "../report/build-report";
import { renderMarkdown } from "../report/render-markdown";
import { reviewTrees } from "../review";

/** One review in a process of its own; prints what each part took. With `anchor`, only the files are parsed. */
const [base, head, anchor] = process.argv.slice(2) as [string, string, string?];
const started = performance.now();
/** Of this process; unlike the time on the wall, it hardly depends on what else the machine does. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1000);
};
const cpuBefore = cpuMs();
const between = (from: number): number => Math.round((performance.now() - from) * 10) / 10;

if (anchor === "anchor") {
  for (const side of [base, head]) {
    const { stacks } = JSON.parse(readFileSync(`${side}/cdktf.out/manifest.json`, "utf8")) as {
      stacks: Record<string, unknown>;
    };
    for (const name of Object.keys(stacks))
      JSON.parse(readFileSync(`${side}/cdktf.out/stacks/${name}/cdk.tf.json`, "utf8"));
  }
  console.log(JSON.stringify({ totalMs: between(started), cpuMs: cpuMs() - cpuBefore }));
} else {
  const sides = [treeIn(base), treeIn(head)] as const;
  const readMs = between(started);
  const review = reviewTrees(...sides);
  const reviewMs = between(started) - readMs;
  const report = buildReport(review, { parity: { allow: [], pairs: [] } });
  renderMarkdown(report);
  const memoryMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    JSON.stringify({
      totalMs: between(started),
      cpuMs: cpuMs() - cpuBefore,
      readMs,
      reviewMs,
      memoryMiB,
      actions: report.summary.actions,
    }),
  );
}
