#!/usr/bin/env bash
# Installs the tools that judge what the charts produce: PostgreSQL and Lua from Debian, promtool with Prometheus, the Go tools
# at pinned versions, nginx out of the sources that the crate nginx-src carries, and the JSON schemas of Kubernetes 1.35. Does
# nothing for what is already there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

cache="${HFT_TEST_TOOLS:-$HOME/.cache/hft-platform}"
missing=()
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
  # Exporters at the versions of charts/images.ts.
  [ -x "$(go env GOPATH)/bin/nginx-prometheus-exporter" ] && [ -x "$(go env GOPATH)/bin/blackbox_exporter" ] ||
    (cd "$here/exporters" && go build -o "$(go env GOPATH)/bin/" tool)
  go_tool amtool github.com/prometheus/alertmanager/cmd/amtool@v0.34.2
  go_tool k6 go.k6.io/k6@v1.3.0
else
  echo "no Go: kubeconform, kube-score, amtool and k6 are not installed"
fi

# Debian 12 has 1.22; the gateway asks for names at run time, which open-source nginx does since 1.27.3. The modules are those that
# the gateway uses, out of the ones that the image nginx-unprivileged has.
nginx="$cache/nginx-1.28.3"
if [ ! -x "$nginx/sbin/nginx" ] && command -v cargo >/dev/null; then
  apt-get install -y -qq --no-install-recommends gcc make libpcre2-dev libssl-dev zlib1g-dev >/dev/null
  crate="nginx-src-1.28.5+1.28.3"
  draft=$(mktemp -d)
  # Fetches the crate and, with it, nothing that it depends on.
  (cd "$draft" && cargo info --quiet nginx-src@1.28.5 >/dev/null)
  archive=$(find "${CARGO_HOME:-$HOME/.cargo}/registry/cache" -name "$crate.crate" | head -n 1)
  echo "60c9192630560c017a18e1da5b4c5de9d78450923f17325752c6f0f7f3911c86  $archive" | sha256sum --check --quiet
  tar -xzf "$archive" -C "$draft"
  (cd "$draft/$crate/nginx" && ./auto/configure --prefix="$nginx" --with-threads --with-pcre-jit --with-http_ssl_module \
    --with-http_realip_module --with-http_auth_request_module --with-http_stub_status_module >/dev/null &&
    make -s -j2 >/dev/null && make -s install >/dev/null)
  rm -r "$draft"
elif [ ! -x "$nginx/sbin/nginx" ]; then
  echo "no Cargo: nginx is not built"
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
