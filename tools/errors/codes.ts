import { REVIEW_ERRORS, RULES } from "@hft/review";
import { LANE_LAYER_CODES } from "../../constructs/low-latency/check/finding";
import { DIRECTORY_CODES } from "../../engine/data-directory/ownership";
import { RECOVERY_CODES } from "../../engine/journal/recovery-error";
import { PROBLEMS } from "../../engine/problems/problem";
import { REASONS, reasonCodeOf } from "../../engine/problems/reasons";
import { REPLICATION_CODES } from "../../engine/replication/codes";
import { DROPS } from "../../engine/web-socket/connection";
import { ENVIRONMENT_CODES } from "../../environments/codes";
import { CHECKS } from "../../operations/preflight/checks";
import { END_TO_END_STEPS } from "../../operations/smoke/smoke";
import { SYNTHESIS_CODES } from "../../stacks/checks/codes";
import { LANE_CODES } from "../../vocabulary";

/** One code that people can meet. */
interface DocumentedCode {
  readonly code: string;
  readonly means: string;
  /** What to write or to do instead. */
  readonly instead: string;
}

/** Codes of one part of the platform, with what its readers have to know of all of them. */
export interface CodeGroup {
  readonly title: string;
  /** Where they are met. */
  readonly where: string;
  /** Module that holds them. */
  readonly home: string;
  readonly codes: readonly DocumentedCode[];
}

type Table = Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

const listed = (table: Table): DocumentedCode[] =>
  Object.entries(table).map(([code, { means, instead }]) => ({ code, means, instead }));

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;

/** Every code that the platform and the engine can give to a person, out of the tables of their rooms. */
export const CODE_GROUPS: readonly CodeGroup[] = [
  {
    title: "Environments",
    where:
      "`npx cdktf synth` and whatever else reads an environment: `HFT-NET-002 environments/production.ts regions[1].cidr: …`",
    home: "environments/codes.ts",
    codes: listed(ENVIRONMENT_CODES),
  },
  {
    title: "The lane of an environment",
    where: "As for environments; these are about `nodePools.lowLatency` and `engine`.",
    home: "vocabulary/lane/problem.ts",
    codes: listed(LANE_CODES),
  },
  {
    title: "Contradictions between the layers of a lane",
    where: "`npx cdktf synth`; nothing is written then.",
    home: "constructs/low-latency/check/finding.ts",
    codes: Object.entries(LANE_LAYER_CODES).map(([code, { layer, means }]) => ({
      code,
      means: `${sentence(layer)} ${means}`,
      instead: "The value that the message gives, which is the one in the other layers.",
    })),
  },
  {
    title: "Synthesis",
    where: "`npx cdktf synth`; nothing is written then.",
    home: "stacks/checks/codes.ts",
    codes: listed(SYNTHESIS_CODES),
  },
  {
    title: "Findings of the review",
    where:
      "`npm run review` and the comment on a pull request. Each finding gives its location and, where possible, text to paste.",
    home: "packages/review/guardrails/index.ts",
    codes: RULES.map(({ id, severity, title, explanation }) => ({
      code: id,
      means: `${sentence(title)} ${explanation} (${severity})`,
      instead: "Revert the change, or accept the finding with a reason ([how](review.md#accepting-a-finding)).",
    })),
  },
  {
    title: "Errors of the review",
    where: "`npm run review`, when it cannot compare.",
    home: "packages/review/errors.ts",
    codes: listed(REVIEW_ERRORS),
  },
  {
    title: "Preflight",
    where: "`npm run preflight`: the table of what an account is missing.",
    home: "operations/preflight/checks/index.ts",
    codes: CHECKS.map(({ id, title, instead }) => ({ code: id, means: sentence(title), instead })),
  },
  {
    title: "Smoke test",
    where: "`npm run smoke`, after a deploy.",
    home: "operations/smoke/smoke.ts",
    codes: END_TO_END_STEPS.map(({ id, title, instead }) => ({ code: id, means: sentence(title), instead })),
  },
  {
    title: "Problem codes of the engine's API",
    where: "`code` in `application/problem+json` and in WebSocket messages; the engine lists them at `/docs/problems`.",
    home: "engine/problems/problem.ts",
    codes: Object.entries(PROBLEMS).map(([code, { status, title, instead }]) => ({
      code,
      means: `${sentence(title)} (${status})`,
      instead,
    })),
  },
  {
    title: "Reasons for a rejected order",
    where: "`reason` next to `ORDER_REJECTED`, in rejected events, in the database and in Kafka.",
    home: "engine/problems/reasons.ts",
    codes: Object.entries(REASONS).map(([name, { means, instead }]) => ({
      code: reasonCodeOf(name),
      means: sentence(means),
      instead,
    })),
  },
  {
    title: "Reasons for a closed or refused WebSocket",
    where: "The close code and reason that the client receives, and the label of `hft_websocket_drops_total`.",
    home: "engine/web-socket/connection.ts",
    codes: Object.entries(DROPS).map(([code, { closeCode, means, instead }]) => ({
      code,
      means: `${means} (${closeCode})`,
      instead,
    })),
  },
  {
    title: "Replication between two engines",
    where: "Lines of the engine's log.",
    home: "engine/replication/codes.ts",
    codes: listed(REPLICATION_CODES),
  },
  {
    title: "Recovery of the engine",
    where: "The engine's last message before it exits, and its log.",
    home: "engine/journal/recovery-error.ts",
    codes: listed(RECOVERY_CODES),
  },
  {
    title: "Directories of the engine",
    where: "The engine's last message before it exits.",
    home: "engine/data-directory/ownership.ts",
    codes: listed(DIRECTORY_CODES),
  },
];
