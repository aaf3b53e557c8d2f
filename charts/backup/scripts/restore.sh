#!/bin/sh
# Puts the dump in $WORK into the database, whole or not at all, and compares what is there with what was written down then.
. "$(dirname "$0")/database.sh"
scripts=$(cd "$(dirname "$0")" && pwd)

if ! (cd "$WORK" && sha256sum --check --quiet SHA256SUMS) || ! pg_restore --list "$WORK/database.dump" > /dev/null; then
  echo "the archive is corrupted; the database has not been touched" >&2
  exit 1
fi
pg_restore --clean --if-exists --no-owner --no-privileges --exit-on-error --single-transaction \
  --dbname="$PGDATABASE" "$WORK/database.dump"

run_psql --file="$scripts/contents.sql" > "$WORK/contents-restored"
if ! cmp -s "$WORK/contents" "$WORK/contents-restored"; then
  echo "rows or checksums differ from the backup's:" >&2
  diff "$WORK/contents" "$WORK/contents-restored" >&2 || true
  exit 1
fi
echo "restored $(wc -l < "$WORK/contents") tables, all rows and checksums as they were"
