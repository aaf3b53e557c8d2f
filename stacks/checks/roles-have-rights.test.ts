import { aSynthesizedEnvironment } from "./a-synthesized-environment";
import { rolesHaveRights } from "./roles-have-rights";

const written = (path: string, body: object) => ({ "//": { metadata: { path } }, ...body });

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Terraform's templates, not JavaScript's
/** A role with two rights, and what it is given to. */
const withUser = (type: string, body: object) =>
  aSynthesizedEnvironment("development", {
    stacks: {
      "development-eu-west-1-cluster": {
        aws_iam_role: { it: written("role", { name: "it" }), bare: written("bare", { name: "bare" }) },
        aws_iam_role_policy: { own: written("own", { role: "${aws_iam_role.it.id}" }) },
        aws_iam_role_policy_attachment: { theirs: written("theirs", { role: "${aws_iam_role.it.name}" }) },
        [type]: { user: written("user", body) },
      },
    },
  });
const BOTH = ["aws_iam_role_policy.own", "aws_iam_role_policy_attachment.theirs"];

describe("rolesHaveRights", () => {
  it.each([
    ["aws_eks_node_group", { node_role_arn: "${aws_iam_role.it.arn}" }],
    ["aws_lambda_function", { role: "${aws_iam_role.it.arn}" }],
    ["aws_kinesis_firehose_delivery_stream", { extended_s3_configuration: { role_arn: "${aws_iam_role.it.arn}" } }],
    ["aws_msk_replicator", { list: [{ service_execution_role_arn: "${aws_iam_role.it.arn}" }] }],
  ])("lets an %s that is given a role wait for all its rights", (type, body) => {
    expect(rolesHaveRights(withUser(type, body))).toEqual([
      `HFT-SYN-013 user: uses a role without depending on ${BOTH.join(", ")}; add dependsOn`,
    ]);
    expect(rolesHaveRights(withUser(type, { ...body, depends_on: BOTH.slice(1) }))).toEqual([
      "HFT-SYN-013 user: uses a role without depending on aws_iam_role_policy.own; add dependsOn",
    ]);
    expect(rolesHaveRights(withUser(type, { ...body, depends_on: BOTH }))).toEqual([]);
  });

  it.each([
    ["names a role without being given it", { policy: "${aws_iam_role.it.arn}" }],
    ["is given a role without rights", { role: "${aws_iam_role.bare.arn}" }],
    ["is given a role of elsewhere", { role: "arn:aws:iam::333333333333:role/other" }],
  ])("says nothing of what %s", (_, body) => {
    expect(rolesHaveRights(withUser("aws_lambda_function", body))).toEqual([]);
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
