import type { Resource } from "./behaviour";

/** Letters of the zones that every region has here. */
export const ZONE_LETTERS = ["a", "b", "c"];

/** Id of a zone: `euw1-az1` for `eu-west-1a`. In AWS the numbers differ from account to account. */
export function zoneId(zone: string): string {
  const [, area = "", direction = "", number = "", letter = "a"] = /^(\w+)-(\w+)-(\d+)([a-z])$/.exec(zone) ?? [];
  const compass = direction.replace(/(north|south|east|west|central)/g, (word) => word[0]!);
  return `${area}${compass}${number}-az${letter.charCodeAt(0) - "a".charCodeAt(0) + 1}`;
}

/** The VPC of the first of some subnets. */
export function vpcOfSubnets({ cloud, owner }: Resource, subnetIds: unknown): string {
  const [first] = (subnetIds ?? []) as readonly string[];
  const [subnet] = first === undefined ? [] : cloud.list({ type: "aws_subnet", owner, id: first });
  return String(subnet?.attributes.vpc_id ?? "");
}
