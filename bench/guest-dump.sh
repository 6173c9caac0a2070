#!/usr/bin/env bash
# Makes the dump of a guest with real content, for the benchmarks of dumping: an ELF core of all its memory, as QEMU's
# dump-guest-memory writes it, with VMCOREINFO. bench/guest.sh says what it is full of.
#   bench/guest-dump.sh MEMORY-IN-MB FILE
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/kernels.sh
. "$root/eng/kernels.sh"
# shellcheck source=guest.sh
. "$root/bench/guest.sh"
memory=$1 dump=$(readlink -f "$2")
# shellcheck disable=SC2086
require_packages $drill_packages busybox-static cpio socat
build_program
fetch_test_kernels

guest_kernel
work=$(mktemp -d "$(dirname "$dump")/guest.XXXXXX")
qemu=""
trap '[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || true; rm -rf "$work"' EXIT
guest_disk "$work" "$memory"
guest_ramdisk "$work" "$memory" </dev/null
guest_run "$work" "$memory" "" -monitor "unix:$work/monitor,server=on,wait=off"
guest_wait "$work" 'guest: filled' 1800
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
