#!/bin/sh
# Keeps the objects of the cluster as they are, apart from secrets: what a person needs to see what had been changed by hand.
set -eu
stamp=$(date -u +%Y%m%dT%H%M%SZ)
account=/var/run/secrets/cluster
mkdir "$WORK/objects"

for namespace in $NAMESPACES; do
  for resource in $RESOURCES; do
    curl --fail --silent --show-error --max-time 30 --cacert "$account/ca.crt" \
      --header "Authorization: Bearer $(cat "$account/token")" \
      --output "$WORK/objects/$namespace-$(echo "$resource" | tr / -).json" \
      "https://kubernetes.default.svc/${resource%/*}/namespaces/$namespace/${resource##*/}"
  done
done
tar --create --gzip --file "$WORK/configuration.tar.gz" --directory "$WORK" objects
aws s3 cp --only-show-errors "$WORK/configuration.tar.gz" "s3://$BACKUP_BUCKET/configuration/$stamp.tar.gz"
echo "s3://$BACKUP_BUCKET/configuration/$stamp.tar.gz" > "$WORK/location"
wc -c < "$WORK/configuration.tar.gz" > "$WORK/bytes"
cat "$WORK/location"
