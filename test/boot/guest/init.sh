#!/bin/busybox sh
# First process of the guest: mounts what Linux programs expect, hands over to the observer, and ends the machine.
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
/bin/busybox mount -t devtmpfs devtmpfs /dev
/bin/busybox mkdir -p /dev/shm /sys/fs/cgroup
/bin/busybox mount -t tmpfs tmpfs /dev/shm
/bin/busybox mount -t cgroup2 cgroup2 /sys/fs/cgroup
if [ -e /hugepages ]; then
  /bin/busybox cat /hugepages > /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages
fi
export PATH=/bin HOME=/tmp
/bin/node /observer.js /dev/ttyS1 || echo "the observer failed"
/bin/busybox sync
/bin/busybox poweroff -f
