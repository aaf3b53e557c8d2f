import { zoneId } from "./zones";

describe("the id of a zone", () => {
  it.each([
    ["eu-west-1a", "euw1-az1"],
    ["eu-central-1c", "euc1-az3"],
    ["ap-southeast-2b", "apse2-az2"],
    ["us-east-1a", "use1-az1"],
  ])("of %s is %s", (zone, id) => expect(zoneId(zone)).toBe(id));
});
