import { endWithout } from "@hft/testing";
import Table from "cli-table3";
import { Command } from "commander";
import colours from "picocolors";
import { SERVED_VERSION, whatIsMissing } from "./api-server";
import { NOT_JUDGED } from "./definitions";
import { everySite, type Site } from "./estate";
import { judgeSite, type Verdict, withServer } from "./judge";
import { type FaultFound, findKnownFaults } from "./known-faults";

/** Sends every object of every environment to a real API server, as Terraform's provider would. */
async function main(): Promise<void> {
  const { json } = new Command("test:cluster")
    .description("sends every object of every environment to a real Kubernetes API server")
    .option("--json", "print the verdicts as JSON")
    .parse()
    .opts<{ json?: boolean }>();
  const missing = whatIsMissing();
  if (missing) return endWithout("test:cluster", missing);
  const startedMs = performance.now();
  const sites = everySite();
  const faults = await withServer((sites[0] as Site).serviceRange, findKnownFaults);
  const verdicts: Verdict[] = [];
  for (const site of sites) verdicts.push(await judgeSite(site));
  const otherVersions = sites.filter(({ kubernetesVersion }) => !SERVED_VERSION.startsWith(`${kubernetesVersion}.`));
  if (json) console.log(JSON.stringify({ version: SERVED_VERSION, faults, verdicts, notJudged: NOT_JUDGED }, null, 2));
  else print(faults, verdicts, performance.now() - startedMs);
  for (const { name, kubernetesVersion } of otherVersions) {
    console.log(`${name} runs Kubernetes ${kubernetesVersion}, which test/cluster/install.sh does not build`);
  }
  const failed = faults.filter(({ found }) => !found).length + verdicts.filter((verdict) => !holds(verdict)).length;
  console.log(`${faults.length + verdicts.length - failed} passed, ${failed + otherVersions.length} failed`);
  if (failed + otherVersions.length > 0) process.exitCode = 1;
}

const holds = ({ faults, diff }: Verdict) => faults.length === 0 && diff === "";

function print(faults: readonly FaultFound[], verdicts: readonly Verdict[], tookMs: number): void {
  const style = { head: [], border: [] };
  const found = new Table({ head: ["fault that must be found", "what is said of it", ""], style, wordWrap: true });
  for (const each of faults) found.push([each.fault, each.said.join("\n"), mark(each.found)]);
  console.log(found.toString());
  const table = new Table({ head: ["cluster", "objects", "kinds", "faults", "kubectl diff", ""], style });
  for (const verdict of verdicts) {
    const { site, judged, kinds, diff } = verdict;
    const lines = diff === "" ? "empty" : `${diff.split("\n").length} lines`;
    table.push([site, judged, kinds, verdict.faults.length, lines, mark(holds(verdict))]);
  }
  console.log(table.toString());
  for (const { site, faults: said, diff } of verdicts) {
    for (const fault of said) console.log(`${site} ${fault}`);
    if (diff !== "") console.log(diff);
  }
  const notJudged = verdicts.reduce((sum, verdict) => sum + verdict.notJudged, 0);
  console.log(`kube-apiserver ${SERVED_VERSION}; ${notJudged} objects of ${Object.keys(NOT_JUDGED)} not judged`);
  console.log(`took ${(tookMs / 1000).toFixed(0)} s`);
}

const mark = (isRight: boolean) => (isRight ? colours.green("ok") : colours.red("FAILED"));

main().catch((error: Error) => {
  console.error(`test:cluster: ${error.message}`);
  process.exitCode = 1;
});
