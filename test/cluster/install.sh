#!/usr/bin/env bash
# A real Kubernetes API server for `npm run test:cluster`: etcd and kube-apiserver out of the Go modules, and the operators' own
# definitions of their resources. The build takes some minutes without Go's build cache and is done once for a version.
set -euo pipefail
version=1.35.4
etcd=3.6.5
cache="${HFT_TEST_TOOLS:-$HOME/.cache/hft-platform}"
folder="$cache/control-plane-$version"
definitions="$cache/custom-resources-1"
command -v go >/dev/null || { echo "no Go: the API server is not built" >&2; exit 1; }
export GOFLAGS="-mod=mod -buildvcs=false" CGO_ENABLED=0
draft=$(mktemp -d)
trap 'rm -rf "$draft"' EXIT

# Where a module's files are.
module() { (cd "$draft" && go mod download -json "$1" | sed -n 's/.*"Dir": "\(.*\)",*/\1/p'); }

build_api_server() {
  local source
  source=$(module "k8s.io/kubernetes@v$version")
  mkdir -p "$draft/kubernetes"
  cd "$draft/kubernetes"
  # The module replaces its staging modules by folders that are not in it; their releases have the same content.
  {
    echo "module controlplane"
    grep -m1 '^go ' "$source/go.mod"
    echo "require k8s.io/kubernetes v$version"
    echo "require ("
    sed -n '/^require (/,/^)/p' "$source/go.mod" | grep -vE '^require|^\)|v0\.0\.0$'
    echo ")"
    echo "replace ("
    sed -n "s/^\t*\(k8s\.io\/[a-z-]*\) => .*staging.*/\t\1 => \1 v0.${version#1.}/p" "$source/go.mod"
    echo ")"
  } >go.mod
  printf '//go:build tools\n\npackage controlplane\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver"\n' >tools.go
  go mod tidy >/dev/null 2>&1 || true
  local component=k8s.io/component-base/version
  go build -o "$folder/kube-apiserver" \
    -ldflags "-s -w -X $component.gitVersion=v$version -X $component.gitMajor=1 -X $component.gitMinor=$(cut -d. -f2 <<<"$version")" \
    k8s.io/kubernetes/cmd/kube-apiserver
}

build_etcd() {
  mkdir -p "$draft/etcd"
  cd "$draft/etcd"
  printf 'module etcd\ngo 1.24\nrequire go.etcd.io/etcd/server/v3 v%s\n' "$etcd" >go.mod
  printf 'package main\n\nimport (\n\t"os"\n\n\t"go.etcd.io/etcd/server/v3/etcdmain"\n)\n\nfunc main() { etcdmain.Main(os.Args) }\n' >main.go
  go mod tidy >/dev/null 2>&1
  go build -ldflags "-s -w" -o "$folder/etcd" .
}

# Of the pinned charts' versions where the module proxy serves them, of the nearest release before otherwise:
# cert-manager 1.19.6 is not served, nor is prometheus-operator 0.86.2, which kube-prometheus-stack 79.5.0 has.
copy_definitions() {
  mkdir -p "$draft/definitions"
  cp "$(module github.com/cert-manager/cert-manager@v1.19.5)"/deploy/crds/*.yaml "$draft/definitions/"
  cp "$(module github.com/external-secrets/external-secrets@v0.20.4)"/config/crds/bases/external-secrets.io_*.yaml "$draft/definitions/"
  cp "$(module github.com/prometheus-operator/prometheus-operator@v0.85.0)"/example/prometheus-operator-crd/*.yaml "$draft/definitions/"
  mkdir -p "$definitions"
  cp "$draft"/definitions/*.yaml "$definitions/"
}

mkdir -p "$folder"
[ -x "$folder/kube-apiserver" ] || build_api_server
[ -x "$folder/etcd" ] || build_etcd
[ -n "$(ls "$definitions" 2>/dev/null)" ] || copy_definitions
