import { agrees, type ComparedResource } from "./compare";
import type { CaseResult } from "./run-cases";

interface Share {
  readonly agreeing: number;
  readonly of: number;
}

export interface Summary {
  readonly seed: number;
  readonly cases: number;
  /** Cases in which every resource of every planned stack has the same verdict. */
  readonly agreeingCases: Share;
  /** Cases that Terraform refused to plan; of those, the ones that the review foresaw. */
  readonly refused: { readonly cases: number; readonly foreseen: number };
  readonly resources: Share;
  /** By what Terraform does. */
  readonly byVerdict: Readonly<Record<string, Share>>;
  readonly byKind: Readonly<Record<string, { readonly cases: Share; readonly resources: Share }>>;
  /** Of replacements that both expect. */
  readonly replacementReason: Share;
  readonly replacementOrder: Share;
  readonly disagreements: readonly {
    readonly case: number;
    readonly kind: string;
    readonly stack: string;
    readonly description: string;
    readonly resources: readonly ComparedResource[];
  }[];
}

export function summarize(results: readonly CaseResult[], seed: number): Summary {
  const compared = results.filter(({ refused, compared }) => refused === undefined || compared.length > 0);
  const refused = results.filter((result) => result.refused !== undefined && result.compared.length === 0);
  const resources = compared.flatMap(resourcesOf);
  const verdicts = [...new Set(resources.map(({ terraform }) => terraform))].sort();
  const kinds = [...new Set(compared.map(({ kind }) => kind))];
  const replaced = resources.filter(({ sameReason }) => sameReason !== undefined);
  return {
    seed,
    cases: compared.length,
    agreeingCases: share(compared, (result) => resourcesOf(result).every(agrees)),
    refused: { cases: refused.length, foreseen: refused.filter(({ foreseen }) => foreseen).length },
    resources: share(resources, agrees),
    byVerdict: Object.fromEntries(
      verdicts.map((word) => [
        word,
        share(
          resources.filter(({ terraform }) => terraform === word),
          agrees,
        ),
      ]),
    ),
    byKind: Object.fromEntries(
      kinds.map((kind) => {
        const own = compared.filter((result) => result.kind === kind);
        return [
          kind,
          {
            cases: share(own, (result) => resourcesOf(result).every(agrees)),
            resources: share(own.flatMap(resourcesOf), agrees),
          },
        ];
      }),
    ),
    replacementReason: share(replaced, ({ sameReason }) => sameReason === true),
    replacementOrder: share(replaced, ({ sameOrder }) => sameOrder === true),
    disagreements: compared
      .flatMap(({ number, kind, description, compared: stacks }) =>
        stacks.map(({ stack, resources: own }) => ({
          case: number,
          kind,
          stack,
          description,
          resources: own.filter((each) => !agrees(each)),
        })),
      )
      .filter(({ resources: own }) => own.length > 0),
  };
}

function resourcesOf({ compared }: CaseResult): readonly ComparedResource[] {
  return compared.flatMap(({ resources }) => resources);
}

function share<T>(items: readonly T[], test: (item: T) => boolean): Share {
  return { agreeing: items.filter(test).length, of: items.length };
}

/** Rounded down: only all of them are 100 %. */
export function percent({ agreeing, of }: Share): string {
  return of === 0 ? "–" : `${(Math.floor((10_000 * agreeing) / of) / 100).toFixed(2)} %`;
}

/** The committed report. */
export function renderSummary(summary: Summary): string {
  const row = (name: string, share: Share): string =>
    `| ${name} | ${share.of} | ${share.agreeing} | ${percent(share)} |`;
  const head = ["| | compared | agree | |", "|---|--:|--:|--:|"];
  const kinds = Object.entries(summary.byKind).map(
    ([kind, { cases, resources }]) =>
      `| ${kind} | ${cases.of} | ${percent(cases)} | ${resources.of} | ${percent(resources)} |`,
  );
  const disagreements = summary.disagreements.flatMap((each) => [
    `- case ${each.case}, ${each.kind}, ${each.stack}: ${each.description}`,
    ...each.resources
      .slice(0, 8)
      .map(({ address, review, terraform }) => `  - \`${address}\`: review ${review}, terraform ${terraform}`),
    ...(each.resources.length > 8 ? [`  - and ${each.resources.length - 8} more`] : []),
  ]);
  return [
    "# Agreement of the review with `terraform plan`",
    "",
    `Seed ${summary.seed}, ${summary.cases} generated changes of the production stacks, each planned by the real Terraform against the tree deployed`,
    "in the rehearsal (simulated cloud), and compared resource by resource. Made by `npm run review:agreement`.",
    `${summary.refused.cases} further changes were refused by Terraform itself; the review foresaw ${summary.refused.foreseen} of them.`,
    "",
    ...head,
    row("changes in which every resource agrees", summary.agreeingCases),
    row("resources", summary.resources),
    ...Object.entries(summary.byVerdict).map(([word, share]) => row(`Terraform says ${word}`, share)),
    row("replacements: what forces them", summary.replacementReason),
    row("replacements: order of create and destroy", summary.replacementOrder),
    "",
    "| Kind of change | changes | agree | resources | agree |",
    "|---|--:|--:|--:|--:|",
    ...kinds,
    "",
    "## Disagreements",
    "",
    ...(disagreements.length === 0 ? ["None."] : disagreements),
    "",
  ].join("\n");
}
