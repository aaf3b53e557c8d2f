#!/bin/sh
# Notes a finished backup in the database; the engine exports the time of the newest one, and an alert watches it.
. "$(dirname "$0")/database.sh"
run_psql --set=kind="$KIND" --set=location="$(cat "$WORK/location")" --set=bytes="$(cat "$WORK/bytes")" <<'SQL'
INSERT INTO backups (kind, finished_at, location, bytes) VALUES (:'kind', now(), :'location', :bytes);
SQL
echo "recorded $KIND"
