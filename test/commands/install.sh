#!/usr/bin/env bash
# Installs what parses the documents' command lines, where it is missing: kubectl, the AWS CLI in a folder of its own, curl and jq.
set -euo pipefail

missing=()
command -v curl >/dev/null || missing+=(curl)
command -v jq >/dev/null || missing+=(jq)
command -v kubectl >/dev/null || missing+=(kubernetes-client)
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if ! command -v aws >/dev/null; then
  python3 -m venv "$HOME/.cache/hft-platform/aws"
  "$HOME/.cache/hft-platform/aws/bin/pip" install --quiet awscli==1.45.11
  ln -sf "$HOME/.cache/hft-platform/aws/bin/aws" /usr/local/bin/aws
fi
