#!/usr/bin/env bash
# Kubernetes server-side apply: two managers send the same bytes, and the second is told of a conflict.
#
# Software: k8s.io/api, k8s.io/apimachinery and k8s.io/client-go v0.35.4 (Go modules). The field manager below is
#   the one that the API server builds for every kind (managedfields.NewDefaultFieldManager).
# The guess: the page "Server-Side Apply" of kubernetes.io says that an applier may set a field to the value that it
#   already has and so becomes a shared owner; a conflict needs "a different value". Two teams that apply the same
#   file share its fields.
# What happens: the live object went through the Go type, so its amounts are in canonical spelling: "1000m" is kept
#   as "1". What is applied is not converted; it is compared with the live object as text. "1000m" against "1" is a
#   change of a field that somebody else owns, although the amounts are equal and the two files are identical.
#   Whoever applied first never sees it: a manager has no conflict with itself.
# Why it matters: a standby pipeline that takes over from the first one with the same manifests is refused, in the
#   middle of a failover, and `--force-conflicts`, the usual way out, also takes the fields that really differ.
#   Amounts must be written in the spelling that the API server gives back: "1", not "1000m"; "1536Mi", not "1.5Gi".
#
# Output seen:
#   platform applies 1, kept as 1, desk applies 1: accepted, platform applies again: accepted
#   platform applies 1000m, kept as 1, desk applies 1000m: conflict, platform applies again: accepted
#   platform applies 1000m, kept as 1, desk applies 1: accepted, platform applies again: accepted
#   platform applies 1.5Gi, kept as 1536Mi, desk applies 1.5Gi: conflict, platform applies again: accepted
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
printf 'module finding\ngo 1.25\n' > go.mod
for module in api apimachinery client-go; do echo "require k8s.io/$module v0.35.4"; done >> go.mod
cat > main.go <<'GO'
package main

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"
)

func manifest(amount string) *unstructured.Unstructured {
	text := `{apiVersion: apps/v1, kind: Deployment, metadata: {name: gateway}, spec: {template: {spec: {
		containers: [{name: gateway, resources: {limits: {amount: "` + amount + `"}}}]}}}}`
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(text), &object.Object); err != nil { panic(err) }
	return object
}

func verdict(err error) string {
	if err == nil { return "accepted" }
	if errors.IsConflict(err) { return "conflict" }
	panic(err)
}

func main() {
	kind := appsv1.SchemeGroupVersion.WithKind("Deployment")
	types := applyconfigurations.NewTypeConverter(scheme.Scheme)
	s := scheme.Scheme
	fields, err := managedfields.NewDefaultFieldManager(types, s, s, s, kind, kind.GroupVersion(), "", nil)
	if err != nil { panic(err) }
	for _, pair := range [][2]string{{"1", "1"}, {"1000m", "1000m"}, {"1000m", "1"}, {"1.5Gi", "1.5Gi"}} {
		live, err := fields.Apply(&appsv1.Deployment{}, manifest(pair[0]), "platform", false)
		if err != nil { panic(err) }
		kept := live.(*appsv1.Deployment).Spec.Template.Spec.Containers[0].Resources.Limits["amount"]
		_, other := fields.Apply(live, manifest(pair[1]), "desk", false)
		_, again := fields.Apply(live, manifest(pair[0]), "platform", false)
		fmt.Printf("platform applies %s, kept as %s, desk applies %s: %s, platform applies again: %s\n",
			pair[0], kept.String(), pair[1], verdict(other), verdict(again))
	}
}
GO
GOFLAGS=-mod=mod go run . 2> go.log > seen || { cat go.log >&2; exit 1; }
cat seen
grep -qF "applies 1000m, kept as 1, desk applies 1000m: conflict, platform applies again: accepted" seen &&
  grep -qF "applies 1.5Gi, kept as 1536Mi, desk applies 1.5Gi: conflict" seen &&
  grep -qF "applies 1, kept as 1, desk applies 1: accepted" seen &&
  grep -qF "applies 1000m, kept as 1, desk applies 1: accepted" seen ||
  { echo "changed: equal amounts no longer conflict only by their spelling" >&2; exit 1; }
