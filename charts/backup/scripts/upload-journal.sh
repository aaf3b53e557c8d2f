#!/bin/sh
# Copies journal and snapshots of this pod's engine. Segments only grow and snapshots never change, so only what is new travels;
# a record that is cut off at the end of the newest segment is left out by its checksum when the engine reads it.
set -eu
target="s3://$BACKUP_BUCKET/journal/$ENGINE"
aws s3 sync --only-show-errors "$DATA/journal" "$target/journal"
aws s3 sync --only-show-errors "$DATA/snapshots" "$target/snapshots"
echo "$target" > "$WORK/location"
du -sk "$DATA/journal" "$DATA/snapshots" | awk '{ sum += $1 } END { print sum * 1024 }' > "$WORK/bytes"
cat "$WORK/location"
