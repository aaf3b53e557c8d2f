#!/usr/bin/env bash
# Installs the tools that judge what the charts produce: nginx, PostgreSQL and Lua from Debian, promtool with Prometheus, the Go tools
# at pinned versions, and the JSON schemas of Kubernetes 1.35. Does nothing for what is already there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

cache="${HFT_TEST_TOOLS:-$HOME/.cache/hft-platform}"
missing=()
[ -x /usr/sbin/nginx ] || missing+=(nginx-light)
[ -x /usr/lib/postgresql/15/bin/postgres ] || missing+=(postgresql-15)
command -v lua5.1 >/dev/null || missing+=(lua5.1)
command -v promtool >/dev/null || missing+=(prometheus)
command -v prometheus-nginx-exporter >/dev/null || missing+=(prometheus-nginx-exporter)
command -v prometheus-blackbox-exporter >/dev/null || missing+=(prometheus-blackbox-exporter)
command -v prometheus-alertmanager >/dev/null || missing+=(prometheus-alertmanager)
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

go_tool() {
  [ -x "$(go env GOPATH)/bin/$1" ] || go install "$2"
}
if command -v go >/dev/null; then
  go_tool kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
  go_tool kube-score github.com/zegl/kube-score/cmd/kube-score@v1.20.0
  (cd "$here/api-server-types" && go build -o "$(go env GOPATH)/bin/hft-api-server-types" .)
  (cd "$here/admission" && go build -o "$(go env GOPATH)/bin/hft-admission-check" .)
  go_tool amtool github.com/prometheus/alertmanager/cmd/amtool@v0.34.2
else
  echo "no Go: kubeconform, kube-score and amtool are not installed"
fi

schemas="$cache/kubernetes-json-schema"
if [ ! -f "$schemas/v1.35.0-local-strict/deployment-apps-v1.json" ]; then
  draft=$(mktemp -d)
  pip download --quiet --no-deps --dest "$draft" kubernetes-validate==1.35.0
  python3 -m zipfile -e "$draft"/*.whl "$draft/content"
  python3 "$here/relocate-schemas.py" "$draft/content/kubernetes_validate/kubernetes-json-schema/v1.35.0-local-strict"
  mkdir -p "$schemas"
  cp -r "$draft/content/kubernetes_validate/kubernetes-json-schema/v1.35.0-local-strict" "$schemas/"
  rm -r "$draft"
fi
