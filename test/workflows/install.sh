#!/usr/bin/env bash
# What judges the workflows and GitHub's other files: actionlint (Go), zizmor (PyPI; the wheel holds one program), and the schemas
# of SchemaStore that check-jsonschema brings (PyPI; nothing of it is run). Does nothing for what is there.
set -euo pipefail
actionlint=v1.7.12
zizmor=1.32.0
schemas=0.39.0
[ -x "$(go env GOPATH)/bin/actionlint" ] || go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint"

programs="${HFT_TEST_TOOLS:-$HOME/.cache/hft-platform}/zizmor-$zizmor"
if [ ! -x "$programs/zizmor" ]; then
  draft=$(mktemp -d)
  trap 'rm -rf "$draft"' EXIT
  pip download --quiet --no-deps --dest "$draft" "zizmor==$zizmor"
  python3 -m zipfile -e "$draft"/zizmor-*.whl "$draft/content"
  mkdir -p "$programs"
  install -m 755 "$draft"/content/zizmor-*.data/scripts/zizmor "$programs/zizmor"
fi

folder="${HFT_TEST_TOOLS:-$HOME/.cache/hft-platform}/check-jsonschema-$schemas"
if [ ! -d "$folder/check_jsonschema" ]; then
  draft=$(mktemp -d)
  trap 'rm -rf "$draft"' EXIT
  pip download --quiet --no-deps --dest "$draft" "check-jsonschema==$schemas"
  mkdir -p "$folder"
  python3 -m zipfile -e "$draft"/check_jsonschema-*.whl "$folder"
fi
