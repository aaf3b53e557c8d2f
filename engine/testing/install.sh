#!/usr/bin/env bash
# Installs what the integration suite runs against: PostgreSQL 15, Redis and Chromium from Debian, Apache Kafka from
# Maven Central and axe-core from npm (into a cache folder outside of the repository). Does nothing for what is already there.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
command -v redis-server >/dev/null || missing+=(redis-server)
[ -x /usr/lib/postgresql/15/bin/postgres ] || missing+=(postgresql-15)
command -v chromium >/dev/null || missing+=(chromium)
command -v java >/dev/null || missing+=(openjdk-17-jre-headless)
command -v mvn >/dev/null || missing+=(maven)
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

kafka="${HFT_TEST_SERVERS:-$HOME/.cache/hft-platform}/kafka-3.9.1"
if [ ! -f "$kafka/complete" ]; then
  mvn -q -B dependency:copy-dependencies -DoutputDirectory="$kafka/libs" -DincludeScope=runtime
  touch "$kafka/complete"
fi

axe="${HFT_TEST_SERVERS:-$HOME/.cache/hft-platform}/axe-core-4.14.1"
if [ ! -f "$axe/package/axe.min.js" ]; then
  mkdir -p "$axe"
  (cd "$axe" && npm pack --silent axe-core@4.14.1 >/dev/null && tar -xzf axe-core-4.14.1.tgz)
fi
