import type { BuildOptions } from "esbuild";

/**
 * How everything of the engine that runs is bundled.
 *
 * Fields are assigned, not defined: a defined field is undefined first and its value comes second, which is a change
 * to V8. It then neither takes the field for constant nor its arrays for arrays, and checks both at each access.
 * Measured with `npm run bench -w engine`: a third more operations, where `Core.apply` makes the core constant.
 */
export const BUNDLE_OPTIONS = {
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
} as const satisfies BuildOptions;
