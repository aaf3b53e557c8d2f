import type { HttpResponse } from "./http-endpoint";

/** A tree for XML: an array repeats its element, a text stands for itself. */
export type XmlTree = string | number | boolean | readonly XmlTree[] | { readonly [element: string]: XmlTree };

const XML = { "content-type": "text/xml" };
const JSON_TYPE = { "content-type": "application/x-amz-json-1.1" };

/** An answer of the query protocol: `<GetRoleResponse><GetRoleResult>…`. */
export function queryAnswer(operation: string, result: XmlTree): HttpResponse {
  const tree = { [`${operation}Response`]: { [`${operation}Result`]: result, ResponseMetadata: { RequestId: "r" } } };
  return { status: 200, headers: XML, body: xml(tree) };
}

/** An answer of EC2, which has no result element. */
export function ec2Answer(operation: string, result: Record<string, XmlTree>): HttpResponse {
  return { status: 200, headers: XML, body: xml({ [`${operation}Response`]: { requestId: "r", ...result } }) };
}

export function jsonAnswer(result: unknown): HttpResponse {
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify(result) };
}

/** A refusal, in the form of the protocol in which the call came. */
export function refusal(service: string, code: string, message: string, status = 400): HttpResponse {
  if (service === "ec2") {
    const tree = { Response: { Errors: { Error: { Code: code, Message: message } }, RequestID: "r" } };
    return { status, headers: XML, body: xml(tree) };
  }
  if (["iam", "sts", "rds", "elasticache"].includes(service)) {
    const tree = { ErrorResponse: { Error: { Type: "Sender", Code: code, Message: message }, RequestId: "r" } };
    return { status, headers: XML, body: xml(tree) };
  }
  return {
    status,
    headers: { ...JSON_TYPE, "x-amzn-errortype": code },
    body: JSON.stringify({ __type: code, message }),
  };
}

function xml(tree: XmlTree): string {
  if (Array.isArray(tree)) return tree.map(xml).join("");
  if (typeof tree !== "object") return escaped(String(tree));
  return Object.entries(tree as Record<string, XmlTree>)
    .map(([name, value]) =>
      Array.isArray(value)
        ? value.map((item) => `<${name}>${xml(item)}</${name}>`).join("")
        : `<${name}>${xml(value)}</${name}>`,
    )
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
