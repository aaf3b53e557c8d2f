import { AWS_DATA_SOURCES } from "./aws";
import type { Answer } from "./data-source";
import { deployedObject } from "./deployed";
import { policyDocument } from "./policy-document";

const ANSWERS: Readonly<Record<string, Answer>> = { ...AWS_DATA_SOURCES, aws_iam_policy_document: policyDocument };

/** What a data source answers: mostly the attributes of the deployed object of the same type. */
export const answer: Answer = (query) => (ANSWERS[query.type] ?? ((other) => deployedObject(other).attributes))(query);
