#!/usr/bin/env bash
# cfn-lint's data (PyPI; nothing of it is run), against which offers.json is held. Does nothing when it is there.
set -euo pipefail
version=1.58.0
folder="${HFT_TEST_TOOLS:-$HOME/.cache/hft-platform}/cfn-lint-$version"
[ -d "$folder/cfnlint" ] && exit 0
draft=$(mktemp -d)
trap 'rm -rf "$draft"' EXIT
pip download --quiet --no-deps --dest "$draft" "cfn-lint==$version"
mkdir -p "$folder"
python3 -m zipfile -e "$draft"/cfn_lint-*.whl "$folder"
