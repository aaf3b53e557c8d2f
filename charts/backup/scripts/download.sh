#!/bin/sh
# Fetches a database backup into $WORK and refuses one that is not what was written. $ARCHIVE names it (20261121T060000Z); without it the
# newest whole one is taken.
set -eu
folder="s3://$BACKUP_BUCKET/database"
archive=${ARCHIVE:-$(aws s3 ls --recursive "$folder/" | awk '$4 ~ /\/SHA256SUMS$/ { print $4 }' | sort | tail -n 1 | awk -F/ '{ print $(NF - 1) }')}
if [ -z "$archive" ]; then
  echo "$folder holds no whole backup" >&2
  exit 1
fi
for file in SHA256SUMS contents database.dump; do
  aws s3 cp --only-show-errors "$folder/$archive/$file" "$WORK/$file"
done
cd "$WORK"
if ! sha256sum --check --quiet SHA256SUMS; then
  echo "$folder/$archive is corrupted; choose another one by ARCHIVE" >&2
  exit 1
fi
echo "fetched $folder/$archive"
