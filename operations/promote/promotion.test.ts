import { environmentInputs } from "../../environments";
import { anEnvironment } from "../../environments/testing";
import { PromotionRefused, promotionChanges } from "./promotion";

const release = (digit: string) => `engine@sha256:${digit.repeat(64)}`;
const named = (name: string, engine: string) =>
  anEnvironment("development", (draft) => {
    draft.name = name;
    draft.images = { ...draft.images, engine };
  });
const promotion = (from: string, to: string, releasesBefore: readonly string[] = []) =>
  promotionChanges({ from: named(from, release("a")), to: named(to, release("b")), releasesBefore }, environmentInputs);

describe("a promotion", () => {
  it("gives the target the source's digest and changes nothing else", () => {
    expect(promotion("development", "staging")).toEqual([{ field: "images.engine", to: release("a") }]);
    expect(promotion("staging", "production")).toEqual([{ field: "images.engine", to: release("a") }]);
  });

  it("is nothing to do where the target has that release", () => {
    const [from, to] = [named("development", release("a")), named("staging", release("a"))];
    expect(promotionChanges({ from, to, releasesBefore: [] }, environmentInputs)).toEqual([]);
  });

  it.each([
    ["development", "production", "development is promoted to staging"],
    ["staging", "development", "staging is promoted to production"],
    ["production", "staging", "no environment comes after production"],
    ["hybrid", "staging", "no environment comes after hybrid"],
  ])("is refused from %s to %s", (from, to, reason) => {
    expect(() => promotion(from, to)).toThrow(reason);
  });

  it("does not go back to a release of before, and names the command that does", () => {
    expect(() => promotion("development", "staging", [release("a")])).toThrow(PromotionRefused);
    expect(() => promotion("development", "staging", [release("a")])).toThrow(
      `npm run operate -- rollback staging --to ${release("a")}`,
    );
  });
});
