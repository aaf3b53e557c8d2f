#!/bin/sh
# Puts a dump into the backup bucket, the digests last: a backup without them is not whole and is never restored. The first of
# each day is kept a second time, for longer.
set -eu
stamp=$(date -u +%Y%m%dT%H%M%SZ)

put() {
  for file in database.dump contents SHA256SUMS; do
    aws s3 cp --only-show-errors "$WORK/$file" "s3://$BACKUP_BUCKET/$1/$stamp/$file"
  done
}

put database
if [ -z "$(aws s3 ls "s3://$BACKUP_BUCKET/database-daily/${stamp%T*}" || true)" ]; then
  put database-daily
fi
echo "s3://$BACKUP_BUCKET/database/$stamp" > "$WORK/location"
wc -c < "$WORK/database.dump" > "$WORK/bytes"
cat "$WORK/location"
