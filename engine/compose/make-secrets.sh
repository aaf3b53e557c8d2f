#!/usr/bin/env bash
# Random passwords for the compose file's stores; existing ones stay.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p secrets
for name in database-password cache-password; do
  [ -f "secrets/$name" ] || head -c 24 /dev/urandom | base64 | tr -d '+/=\n' > "secrets/$name"
  # The containers' users are not this one; the folder is closed to everybody else instead.
  chmod 644 "secrets/$name"
done
chmod 700 secrets
