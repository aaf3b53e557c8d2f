import { reviewTrees } from "../review";
import type { JsonObject } from "../tree";
import { aTree, resources } from "../tree/a-tree";
import { buildReport } from "./build-report";
import { renderHtml } from "./render-html";
import { MARKDOWN_LENGTH_MAX, renderMarkdown } from "./render-markdown";
import { renderSarif } from "./render-sarif";
import { renderTerminal } from "./render-terminal";
import type { Report } from "./report";

const OPTIONS = { parity: { allow: [], pairs: [] } };

function reportOf(before: Readonly<Record<string, JsonObject>>, after: Readonly<Record<string, JsonObject>>): Report {
  return buildReport(
    reviewTrees(aTree().withStack("s", resources(before)), aTree().withStack("s", resources(after))),
    OPTIONS,
  );
}

const database = (more: JsonObject) => ({ identifier: "orders", instance_class: "db.r7g.large", ...more });

describe("a report", () => {
  const report = reportOf(
    { "aws_db_instance.x": database({ multi_az: true, password: "first-secret" }) },
    { "aws_db_instance.x": database({ multi_az: false, password: "second-secret", engine: "mysql" }) },
  );

  it("says the same in every form", async () => {
    for (const text of [
      renderTerminal(report),
      renderMarkdown(report),
      await renderHtml(report),
      renderSarif(report),
    ]) {
      expect(text).toContain("RV-DATA-5");
      expect(text).toContain("aws_db_instance.x");
    }
  });

  it("never shows a secret", async () => {
    const all = [
      renderTerminal(report),
      renderMarkdown(report),
      await renderHtml(report),
      renderSarif(report),
      JSON.stringify(report),
    ];
    for (const text of all) expect(text).not.toMatch(/(first|second)-secret/);
    expect(renderTerminal(report)).toContain("password: (sensitive) → (sensitive)");
  });

  it("estimates what the change costs", () => {
    expect(report.cost.before).toBeGreaterThan(report.cost.after);
    // db.r7g.large costs 0.239 an hour, twice that over two zones; Ireland is 7 % dearer.
    expect(report.cost.after).toBeCloseTo(0.239 * 730 * 1.07, 2);
    expect(report.cost.before).toBeCloseTo(2 * 0.239 * 730 * 1.07, 2);
  });

  it("is one HTML file that loads nothing and lets nothing from a tree become markup", async () => {
    const html = await renderHtml(
      reportOf({}, { "aws_vpc.x": { cidr_block: "10.0.0.0/16", tags: { n: '<script>alert("1")</script>' } } }),
    );
    expect(html).not.toContain("<script>alert");
    expect(html).not.toMatch(/(src|href)="(?!#)/);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain("<svg");
  });

  it("keeps names from a tree from becoming Markdown", () => {
    const text = renderMarkdown(
      reportOf({ "aws_vpc.x": { tags: { n: "a" } } }, { "aws_vpc.x": { tags: { n: "|@team <img src=x>`" } } }),
    );
    expect(text).toContain('`"\\|@team <img src=x>\'"`');
    expect(text).not.toMatch(/[^\\]\|@team/);
  });

  it("fits into a comment of GitHub, worst first, and counts what it leaves out", () => {
    const many = Object.fromEntries(
      Array.from({ length: 800 }, (_, at) => [`aws_db_instance.x${at}`, database({ identifier: `orders-${at}` })]),
    );
    const text = renderMarkdown(reportOf(many, {}));
    expect(text.length).toBeLessThanOrEqual(MARKDOWN_LENGTH_MAX);
    expect(text.indexOf("critical")).toBeLessThan(
      text.indexOf("<details>") === -1 ? text.length : text.indexOf("<details>"),
    );
    expect(text).toMatch(/\d+ more sections? do(es)? not fit here/);
    expect(text).toContain(`Fingerprint`);
  });

  it("is SARIF that names rules, places and accepted findings", () => {
    const before = resources({ "aws_kms_key.k": { enable_key_rotation: true } });
    const accept = { "RV-DATA-3": "imported key material cannot rotate, issue 3" };
    const stackTrace = ["constructs/security/key.ts:12", "stacks/global.ts:30"];
    const after = resources({
      "aws_kms_key.k": { enable_key_rotation: false, "//": { accept, metadata: { path: "s/key", stackTrace } } },
    });
    const sarif = JSON.parse(
      renderSarif(buildReport(reviewTrees(aTree().withStack("s", before), aTree().withStack("s", after)), OPTIONS)),
    );
    const [result] = sarif.runs[0].results;
    expect(result).toMatchObject({
      ruleId: "RV-DATA-3",
      level: "error",
      suppressions: [{ justification: accept["RV-DATA-3"] }],
    });
    expect(result.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: "constructs/security/key.ts", uriBaseId: "ROOT" },
      region: { startLine: 12 },
    });
    expect(sarif.runs[0].tool.driver.rules.map(({ id }: { id: string }) => id)).toContain("RV-DATA-3");
  });

  it("of no change is empty and says so", () => {
    const same = reportOf({ "aws_vpc.x": {} }, { "aws_vpc.x": {} });
    expect(same.summary.empty).toBe(true);
    expect(renderTerminal(same)).toContain("No changes");
  });
});

describe("parity", () => {
  const stack = (azs: number): JsonObject =>
    resources({ "aws_nat_gateway.n": { subnet_id: "s", tags: { zones: String(azs) } } });
  const tree = (west: number, central: number) =>
    aTree()
      .withStack("production-eu-west-1-network", stack(west))
      .withStack("production-eu-central-1-network", stack(central));

  it("reports what begins to differ between regions, and what is allowed to", () => {
    const [pair] = buildReport(reviewTrees(tree(3, 3), tree(3, 2)), OPTIONS).parity.pairs;
    expect(pair).toMatchObject({ added: ["aws_nat_gateway.n tags.zones"], resolved: [], kept: 0, allowed: 0 });
    const allow = [{ what: "aws_nat_gateway.* tags", reason: "the standby region has two zones" }];
    expect(
      buildReport(reviewTrees(tree(3, 3), tree(3, 2)), { parity: { allow, pairs: [] } }).parity.pairs[0],
    ).toMatchObject({ added: [], allowed: 1 });
    expect(buildReport(reviewTrees(tree(3, 2), tree(3, 3)), OPTIONS).parity.pairs[0]).toMatchObject({
      resolved: ["aws_nat_gateway.n tags.zones"],
    });
  });
});

describe("a fingerprint", () => {
  const hash = (before: string, after: string) =>
    reportOf({ "aws_vpc.x": { tags: { n: before } } }, { "aws_vpc.x": { tags: { n: after } } }).fingerprint.hash;

  it("is the same for the same change and another for another", () => {
    expect(hash("a", "b")).toBe(hash("a", "b"));
    expect(hash("a", "b")).not.toBe(hash("a", "c"));
    expect(hash("a", "b")).toMatch(/^[0-9a-f]{32}$/);
  });

  it("does not depend on the order in which a tree is written", () => {
    const one = resources({ "aws_vpc.a": {}, "aws_vpc.b": {} });
    const other = resources({ "aws_vpc.b": {}, "aws_vpc.a": {} });
    const of = (stack: JsonObject) =>
      buildReport(reviewTrees(aTree(), aTree().withStack("s", stack)), OPTIONS).fingerprint.hash;
    expect(of(one)).toBe(of(other));
  });
});
