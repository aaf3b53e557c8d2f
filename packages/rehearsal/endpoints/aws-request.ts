import type { HttpRequest } from "./http-endpoint";

/** A call to a service of AWS, whichever of its protocols it came in. */
export interface AwsRequest {
  /** As the signature names it: `ec2`, `iam`. */
  readonly service: string;
  readonly region: string;
  /** `DescribeImages`; of REST services the method and path, `GET /cluster-versions`. */
  readonly operation: string;
  /** Parameters of the query protocol, flat (`Filter.1.Name`), or the fields of a JSON body. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Service and region stand in the signature's scope. Source: IAM User Guide, "Create a signed AWS API request". */
export function awsRequest({ method, url, headers, body }: HttpRequest): AwsRequest | undefined {
  const scope = /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? "");
  if (!scope) return undefined;
  const [, region = "", service = ""] = scope;
  const text = body.toString("utf8");
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    return { service, region, operation: target.split(".").at(-1)!, parameters: text ? JSON.parse(text) : {} };
  }
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    const parameters = Object.fromEntries(new URLSearchParams(text));
    return { service, region, operation: String(parameters.Action), parameters };
  }
  return {
    service,
    region,
    operation: `${method} ${url.pathname}`,
    parameters: Object.fromEntries(url.searchParams),
  };
}

/** Values of a list in the query protocol: `InstanceType.1`, `InstanceType.2`. */
function listOf(parameters: AwsRequest["parameters"], name: string): string[] {
  return Object.entries(parameters)
    .filter(([key]) => key.startsWith(`${name}.`) && /^\d+$/.test(key.slice(name.length + 1)))
    .map(([, value]) => String(value));
}

/** Values of the filter of that name, in EC2's `Filter.1.Name`, `Filter.1.Value.1`. */
export function filterOf(parameters: AwsRequest["parameters"], name: string): string[] {
  const key = Object.keys(parameters).find((each) => /^Filter\.\d+\.Name$/.test(each) && parameters[each] === name);
  return key ? listOf(parameters, key.replace(/Name$/, "Value")) : [];
}
