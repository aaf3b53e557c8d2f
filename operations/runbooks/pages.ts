import type { SynthesizedEnvironment } from "../../stacks";
import { resourceNamesOf } from "../drill/live/resource-names";
import { SCENARIOS } from "../drill/scenarios";
import { situationOf } from "../drill/scenarios/scenario";
import { alertPage, GENERATED } from "./alert-page";
import { alertsOf } from "./alerts";
import { rightsOf } from "./rights";
import { scenarioPage } from "./scenario-page";

/** All runbooks by file name: one a scenario, one an alert, and a table of contents. */
export function runbookPages(synthesized: SynthesizedEnvironment): Readonly<Record<string, string>> {
  const situation = situationOf(synthesized.environment);
  const resourceNames = resourceNamesOf(synthesized);
  const alerts = alertsOf(synthesized);
  const rights = rightsOf(synthesized);
  const scenarios = SCENARIOS.filter((scenario) => scenario.refuses?.(situation) === undefined);
  const index = `${GENERATED}
# Runbooks

## Scenarios

| | |
|---|---|
${scenarios.map(({ id, title, symptoms }) => `| [${title}](${id}.md) | ${symptoms[0]} |`).join("\n")}

## Alerts

| Alert | Severity | What it means |
|---|---|---|
${alerts.map(({ alert, labels, annotations }) => `| [${alert}](${alert}.md) | ${labels.severity} | ${annotations.description} |`).join("\n")}
`;
  return {
    "README.md": index,
    ...Object.fromEntries(
      scenarios.map((each) => [`${each.id}.md`, scenarioPage(each, situation, resourceNames, rights)]),
    ),
    ...Object.fromEntries(alerts.map((each) => [`${each.alert}.md`, alertPage(each, rights)])),
  };
}
