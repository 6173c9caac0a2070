#!/usr/bin/env bash
# Makes the dump of a guest with real content, for the benchmarks of dumping: an ELF core of all its memory, as QEMU's
# dump-guest-memory writes it, with VMCOREINFO. A quarter of the memory is page cache (files of this machine's /usr), a quarter
# anonymous memory: random bytes, the bytes of programs, and text; inodes and directory entries of all files fill the slab caches.
#   bench/guest-dump.sh MEMORY-IN-MB FILE
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/kernels.sh
. "$root/eng/kernels.sh"
memory=$1 dump=$(readlink -f "$2")
# shellcheck disable=SC2086
require_packages $drill_packages busybox-static cpio socat
build_program
fetch_test_kernels

image=$(ls "$cache"/kernels/linux-image-6.1.*/boot/vmlinuz-* | tail -n 1)
modules=$(dirname "$(dirname "$image")")/lib/modules/${image##*/vmlinuz-}
work=$(mktemp -d "$(dirname "$dump")/guest.XXXXXX")
qemu=""
trap '[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || true; rm -rf "$work"' EXIT

say "copying files of /usr to the guest's disk"
mkdir -p "$work/files" "$work/ramdisk/bin" "$work/ramdisk/m"
share=$((memory / 4))
used=0
while read -r size folder; do
    [ $((used + size)) -gt $((share * 2)) ] && continue
    cp -a --parents "$folder" "$work/files/" 2>/dev/null || true
    used=$((used + size))
done < <(du -xsm /usr/lib/*/ /usr/share/*/ /usr/bin/ /usr/libexec/*/ 2>/dev/null | sort -rn)
truncate -s $((used + used / 4 + 256))M "$work/disk"
mke2fs -q -t ext4 -m 0 -d "$work/files" "$work/disk"
rm -rf "$work/files"

cp "$(command -v busybox)" "$work/ramdisk/bin/busybox"
names="virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk crc16 crc32c_generic mbcache jbd2 ext4 qemu_fw_cfg"
for name in $names; do find "$modules" -name "$name.ko" -exec cp {} "$work/ramdisk/m/" \; ; done
cat >"$work/ramdisk/init" <<INIT
#!/bin/busybox sh
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /disk
exec 2>/dev/null; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for name in $names; do [ -f /m/\$name.ko ] && insmod /m/\$name.ko; done
mount -t ext4 -o ro /dev/vda /disk || { echo "guest: no disk"; poweroff -f; }
find /disk -type f -print >/files
( head -c $((share / 4))m /dev/urandom | tail -c $((share / 4))m | sleep 1000000 ) &
( xargs cat </files 2>/dev/null | head -c $((share / 2))m | tail -c $((share / 2))m | sleep 1000000 ) &
( xargs ls -ln </files | tail -c $((share / 4))m | sleep 1000000 ) &
xargs cat </files 2>/dev/null | head -c ${share}m >/dev/null
sleep 5
echo "guest: filled"; cat /proc/meminfo
sleep 1000000
INIT
chmod +x "$work/ramdisk/init"
(cd "$work/ramdisk" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/ramdisk.gz"

say "filling a guest of $memory MB"
qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m "$memory" -nodefaults -nographic -no-reboot -device vmcoreinfo \
    -kernel "$image" -initrd "$work/ramdisk.gz" -append "console=ttyS0 quiet panic=-1" \
    -drive "file=$work/disk,format=raw,if=virtio,readonly=on" \
    -serial "file:$work/console" -monitor "unix:$work/monitor,server=on,wait=off" &
qemu=$!
for _ in $(seq 900); do
    kill -0 "$qemu" 2>/dev/null || { cat "$work/console" >&2; say "the guest ended"; exit 1; }
    grep -q 'guest: filled' "$work/console" 2>/dev/null && break
    sleep 1
done
grep -q 'guest: filled' "$work/console" || { cat "$work/console" >&2; say "the guest was not filled in 15 minutes"; exit 1; }
grep -E 'MemTotal|MemFree|^Cached|AnonPages|Slab' "$work/console" >&2
say "dumping it"
printf 'stop\ndump-guest-memory %s\nquit\n' "$work/core" | socat -t 600 - "UNIX-CONNECT:$work/monitor" >/dev/null
wait "$qemu" || true
qemu=""

# As /proc/vmcore has it: segments at multiples of a page, at the addresses of the direct map, and without the firmware's ROM,
# which QEMU dumps although it is no memory that the kernel knows: its segment below 4 GB becomes one of no type.
"$program" filter "$work/core" "$dump" --format elf --level 0 --force >/dev/null
rom=$(readelf -lW "$dump" | awk '/^ *(NOTE|LOAD)/ { if ($4 == "0x00000000fffc0000") print n; n++ }')
[ -z "$rom" ] || printf '\0\0\0\0' | dd of="$dump" bs=1 seek=$((64 + rom * 56)) conv=notrunc status=none
ls -l "$dump" >&2
