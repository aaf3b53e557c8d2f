#!/bin/sh
# Dumps the database into $WORK: the archive, what it contains, and digests of both. All of it is of one moment: pg_dump works
# on the snapshot of the transaction that counts.
. "$(dirname "$0")/database.sh"
scripts=$(cd "$(dirname "$0")" && pwd)
export WORK scripts

run_psql <<'SQL'
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \gset
\setenv SNAPSHOT :snapshot
\! pg_dump --format=custom --no-owner --no-privileges --snapshot="$SNAPSHOT" --file="$WORK/database.dump" && touch "$WORK/complete"
\set contents `echo "$WORK/contents"`
\o :contents
\set query `echo "$scripts/contents.sql"`
\i :query
\o
COMMIT;
SQL

if [ ! -f "$WORK/complete" ]; then
  echo "pg_dump failed; nothing is uploaded" >&2
  exit 1
fi
cd "$WORK"
sha256sum database.dump contents > SHA256SUMS
echo "dumped $(wc -c < database.dump) bytes, $(wc -l < contents) tables"
