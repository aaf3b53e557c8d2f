#!/usr/bin/env bash
# constructs: the same line of code orders Kubernetes objects in cdk8s and nothing in CDK for Terraform.
#
# Software: cdktf 0.21.0, cdk8s 2.70.106, constructs 10.7.2 (npm).
# The guess: `a.node.addDependency(b)` comes with `constructs`, "add an ordering dependency on another construct", so every CDK
#   that is built on it puts b before a, as cdk8s does in what it prints.
# What happens: cdktf takes the call, keeps the dependency in its tree, and writes no `depends_on`: Terraform makes both at once.
#   There is no error and no warning. Only the property `dependsOn` of a resource is written.
# Why it matters: a role's ARN is there before the policy beside it. A service that acts by the role (a log subscription that tries it
#   out, a function in a network, a delivery stream) then starts without its rights, now and then, and only in a first deploy: what
#   looks ordered in the code, in a review and in a test of the tree is a race in the account.
#
# Output seen:
#   cdk8s 2.70.106: b before a
#   cdktf 0.21.0 with node.addDependency: in the tree yes, depends_on none
#   cdktf 0.21.0 with dependsOn: depends_on terraform_data.b
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund cdktf@0.21.0 cdk8s@2.70.106 constructs@10.7.2
cat > main.cjs <<'JS'
const cdk8s = require("cdk8s");
const cdktf = require("cdktf");
const version = (name) => `${name} ${require(`${name}/package.json`).version}`;

const chart = new cdk8s.Chart(new cdk8s.App(), "chart");
const object = (name) => new cdk8s.ApiObject(chart, name, { apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
const [first, second] = [object("a"), object("b")];
first.node.addDependency(second);
console.log(`${version("cdk8s")}: ${chart.toJson().map(({ metadata }) => metadata.name).join(" before ")}`);

/** What Terraform is told of `a`, which something has made depend on `b`. */
function told(depend) {
  const stack = new cdktf.TerraformStack(cdktf.Testing.app(), "stack");
  class Data extends cdktf.TerraformResource {
    constructor(id, config) { super(stack, id, { terraformResourceType: "terraform_data", ...config }); }
    synthesizeAttributes() { return {}; }
  }
  const b = new Data("b");
  const a = depend(Data, b);
  const { resource } = JSON.parse(cdktf.Testing.synth(stack));
  return { a, b, dependsOn: (resource.terraform_data.a.depends_on ?? ["none"]).join() };
}
const byNode = told((Data, b) => { const a = new Data("a"); a.node.addDependency(b); return a; });
const inTree = byNode.a.node.dependencies.includes(byNode.b) ? "yes" : "no";
console.log(`${version("cdktf")} with node.addDependency: in the tree ${inTree}, depends_on ${byNode.dependsOn}`);
const byProperty = told((Data, b) => new Data("a", { dependsOn: [b] }));
console.log(`${version("cdktf")} with dependsOn: depends_on ${byProperty.dependsOn}`);
JS
node main.cjs | tee seen
diff seen - <<'SEEN' > /dev/null || { echo "changed: cdktf and cdk8s no longer differ in what node.addDependency does" >&2; exit 1; }
cdk8s 2.70.106: b before a
cdktf 0.21.0 with node.addDependency: in the tree yes, depends_on none
cdktf 0.21.0 with dependsOn: depends_on terraform_data.b
SEEN
