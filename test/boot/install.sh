#!/usr/bin/env bash
# What `npm run test:boot` needs: QEMU, busybox, taskset, and the newest Debian cloud kernel, unpacked but not installed.
set -euo pipefail
if ! command -v qemu-system-x86_64 busybox taskset >/dev/null || [ "$(command -v qemu-system-x86_64 busybox taskset | wc -l)" != 3 ]; then
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends qemu-system-x86 busybox-static util-linux
fi
kernels="${XDG_CACHE_HOME:-$HOME/.cache}/hft-platform/kernel"
package=$(apt-cache depends linux-image-cloud-amd64 | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }')
if [ -z "$package" ]; then
  echo "no Debian cloud kernel in the package lists; run apt-get update" >&2
  exit 1
fi
if [ ! -e "$kernels/boot/vmlinuz-${package#linux-image-}" ]; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  (cd "$scratch" && apt-get download -qq "$package")
  rm -rf "$kernels" && mkdir -p "$kernels"
  dpkg-deb --fsys-tarfile "$scratch"/*.deb | tar -x -C "$kernels" ./boot
fi
ls "$kernels"/boot/vmlinuz-*
