#!/usr/bin/env bash
# What `npm run test:image` needs: buildah, podman and runc to build and run an image, mmdebstrap for its base.
set -euo pipefail
missing=()
for tool in buildah podman runc mmdebstrap; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
# Other systems than Debian do not have the keys of its archive.
[ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
if [ ${#missing[@]} -gt 0 ]; then
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
