import { behaviourOf } from "../behaviours";
import { serviceName } from "../behaviours/service-name";
import { fillTemplate } from "../behaviours/template";
import type { CloudError } from "../cloud/cloud-error";
import type { Action } from "../cloud/faults";
import type { Diagnostic } from "../protocol/plugin-server";

const PARTICIPLES: Readonly<Record<Action, string>> = {
  create: "creating",
  read: "reading",
  update: "updating",
  delete: "deleting",
};
const VERBS: Readonly<Record<Action, string>> = {
  create: "Create",
  read: "Describe",
  update: "Modify",
  delete: "Delete",
};

/** A refusal in the words of the real provider, with a note that nothing real refused. */
export function diagnosticOf(type: string, action: Action, name: string, error: CloudError): Diagnostic {
  const { service, noun } = serviceName(type);
  const operation = VERBS[action] + (behaviourOf(type).apiNoun ?? noun.replaceAll(" ", ""));
  const subject = `${PARTICIPLES[action]} ${service} ${noun}${name === "" ? "" : ` (${name})`}`;
  const requestId = fillTemplate("{uuid}", {
    attributes: {},
    owner: "",
    region: "",
    seed: `${subject} ${error.message}`,
  });
  return {
    severity: "ERROR",
    summary:
      `${subject}: operation error ${service}: ${operation}, https response error StatusCode: ${error.httpStatus}, ` +
      `RequestID: ${requestId}, api error ${error.code}: ${error.message}`,
    detail: "Simulated: this answer comes from the rehearsal, not from a real service.",
  };
}
