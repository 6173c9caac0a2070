#!/usr/bin/env bash
# Makes the dump of a guest with real content, for the benchmarks of dumping: an ELF core of all its memory, as QEMU's
# dump-guest-memory writes it, with VMCOREINFO. A quarter of the memory is page cache (files of this machine's
# /usr), a quarter anonymous memory, one part random bytes and three the bytes of such files; inodes and directory entries of
# /usr/share are in the slab caches.
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
share=$((memory / 4)) piece=64
pieces=$((share / piece))
mkdir -p "$work/files/pieces" "$work/ramdisk/bin" "$work/ramdisk/m"
cp -a /usr/share "$work/files/" 2>/dev/null || true
(tar -C / -cf - usr/lib usr/bin usr/share 2>/dev/null || true) | (head -c ${share}M; cat >/dev/null) |
    split -b ${piece}M -d -a 4 - "$work/files/pieces/"
truncate -s $((share + $(du -sm "$work/files/share" | cut -f 1) * 2 + 512))M "$work/disk"
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
hold() { dd "\$@" bs=${piece}M count=1 iflag=fullblock | sleep 1000000 & }
n=0
for file in /disk/pieces/*; do
    n=\$((n + 1))
    case \$((n % 4)) in
        0) hold if=/dev/urandom; dd if=\$file of=/dev/null bs=1M ;;
        *) hold if=\$file ;;
    esac
done
find /disk/share >/dev/null
n=0
while [ \$n -lt $pieces ]; do
    n=0
    for p in /proc/[0-9]*/wchan; do grep -q pipe_write \$p && n=\$((n + 1)); done
    sleep 1
done
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
for _ in $(seq 1800); do
    kill -0 "$qemu" 2>/dev/null || { cat "$work/console" >&2; say "the guest ended"; exit 1; }
    grep -q 'guest: filled' "$work/console" 2>/dev/null && break
    sleep 1
done
grep -q 'guest: filled' "$work/console" || { cat "$work/console" >&2; say "the guest was not filled in half an hour"; exit 1; }
grep -E 'MemTotal|MemFree|^Cached|AnonPages|Slab' "$work/console" >&2
say "dumping it"
printf 'stop\ndump-guest-memory %s\nquit\n' "$work/core" | socat -t 600 - "UNIX-CONNECT:$work/monitor" >/dev/null
wait "$qemu" || true
qemu=""

# As /proc/vmcore has it: segments at multiples of a page, at the addresses of the direct map, and without the firmware's ROM
# below 4 GB, which QEMU dumps although it is no memory that the kernel knows.
"$program" filter "$work/core" "$dump" --format elf --level 0 --force >/dev/null
perl -e '
    open my $file, "+<", $ARGV[0] or die "$!"; binmode $file;
    read $file, my $header, 64; my $count = unpack "x56 S<", $header;
    for my $n (0 .. $count - 1) {
        seek $file, 64 + 56 * $n, 0; read $file, my $entry, 56;
        my ($type, $flags, $offset, $virtual, $physical, $size, $memory, $align) = unpack "L< L< Q<6", $entry;
        next unless $type == 1 && $physical == 0xfffc0000;
        my $rom = 0x40000;
        $type = 0 if $size == $rom;
        seek $file, 64 + 56 * $n, 0;
        print $file pack "L< L< Q<6", $type, $flags, $offset + $rom, $virtual + $rom, $physical + $rom, $size - $rom, $memory - $rom, $align;
    }' "$dump"
ls -l "$dump" >&2
