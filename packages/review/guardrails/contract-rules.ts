import type { Rule } from "./rule";

export const CONTRACT_RULES: readonly Rule[] = [
  {
    id: "RV-CONTRACT-1",
    severity: "critical",
    title: "A contract loses a field that others read",
    explanation: "The readers' next plan fails. Change the readers first, and remove the field in a later change.",
    find: ({ contracts }) =>
      contracts
        .filter(({ kind, readersAfter }) => kind.endsWith("removed") && readersAfter.length > 0)
        .map(({ publisher, parameter, field, readersAfter }) => ({
          stack: publisher,
          message: `${parameter}${field === undefined ? "" : ` loses "${field}"`}, which is read by ${readersAfter.join(", ")}`,
        })),
  },
  {
    id: "RV-CONTRACT-2",
    severity: "high",
    title: "The type of a contract field changes",
    explanation: "Readers that are not deployed at the same time misread the value.",
    find: ({ contracts }) =>
      contracts
        .filter(({ kind }) => kind === "field retyped")
        .map(({ publisher, parameter, field, before, after, readersAfter }) => ({
          stack: publisher,
          message: `"${field}" of ${parameter} changes from ${before} to ${after}; read by ${readersAfter.join(", ") || "nobody"}`,
        })),
  },
  {
    id: "RV-CONTRACT-3",
    severity: "medium",
    title: "A contract field and its readers are removed in one change",
    explanation: "Between the two deployments the readers' state still refers to the field; deploy the readers first.",
    find: ({ contracts }) =>
      contracts
        .filter(
          ({ kind, readersBefore, readersAfter }) =>
            kind.endsWith("removed") && readersBefore.length > 0 && readersAfter.length === 0,
        )
        .map(({ publisher, parameter, field, readersBefore }) => ({
          stack: publisher,
          message: `${parameter}${field === undefined ? " is removed" : ` loses "${field}"`}; deploy ${readersBefore.join(", ")} before ${publisher}`,
        })),
  },
  {
    id: "RV-CONTRACT-4",
    severity: "medium",
    title: "A contract is read without a declared dependency",
    explanation: "cdktf may deploy the reader first, before the parameter exists.",
    find: ({ plan }) =>
      [...plan.head.order.needs].flatMap(([stack, needs]) => {
        const before = plan.base.order.needs.get(stack) ?? [];
        return needs
          .filter((need) => !need.declared && !before.some((other) => other.stack === need.stack && !other.declared))
          .map((need) => ({
            stack,
            message: `reads ${need.parameter} of ${need.stack}; add addDependency(${need.stack})`,
          }));
      }),
  },
];
