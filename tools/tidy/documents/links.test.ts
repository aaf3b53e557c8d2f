import { linkedDocuments, trackedDocuments } from "./documents";
import { anchorsOf, brokenBecause, linksOf, reachableFrom } from "./links";

describe("links of documents", () => {
  it.each(trackedDocuments())("lead somewhere: %s", (file) => {
    expect(linksOf(file).flatMap((link) => brokenBecause(link) ?? [])).toEqual([]);
  });

  it("lead from README.md to every document", () => {
    const reached = reachableFrom("README.md");
    expect(linkedDocuments().filter((file) => !reached.has(file))).toEqual([]);
  });

  it.each([
    ["[a](nowhere.md)", "there is no docs/nowhere.md"],
    ["![a](images/nowhere.png)", "there is no docs/images/nowhere.png"],
    ["[a](deploy.md#no-such-heading)", "docs/deploy.md has no heading #no-such-heading"],
    ["[a](#no-such-heading)", "docs/here.md"],
  ])("are found to lead nowhere: %s", (text, reason) => {
    expect(linksOf("docs/here.md", text).map(brokenBecause)).toEqual([expect.stringContaining(reason)]);
  });

  it("are not looked for in code, nor elsewhere in the world", () => {
    expect(
      linksOf("a.md", "```\n[a](nowhere.md)\n```\n[b](https://example.com/b.md)\n[c](mailto:c@example.com)"),
    ).toEqual([]);
  });
});

describe("headings", () => {
  it("are named as GitHub names them", () => {
    const text =
      "# First steps\n## What's `next`?\n## What's `next`?\n```\n# no heading\n```\n### [Linked](a.md) & more_1";
    expect(anchorsOf(text)).toEqual(["first-steps", "whats-next", "whats-next-1", "linked--more_1"]);
  });
});
