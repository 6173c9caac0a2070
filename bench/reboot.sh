#!/usr/bin/env bash
# Measures what a reboot by kexec saves, for docs/benchmarks.md: from the line before the reboot to the first line of the next init, on
# the host's clock, through the firmware (reboot -f) and by lifeboat boot --now, in turns, with BIOS and UEFI. All boots have the same
# kernel, ramdisk and command line. Medians. Takes about five minutes under software emulation.
#   bench/reboot.sh [--rounds N] [--keep-console FILE]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/kernels.sh
. "$root/eng/kernels.sh"
# shellcheck source=guest.sh
. "$root/bench/guest.sh"
rounds=3 console=""
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2 ;;
        --keep-console) console=$2 ;;
        *) sed -n 's/^#   /usage: /p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
# shellcheck disable=SC2086
require_packages $drill_packages busybox-static cpio ovmf
build_program
fetch_test_kernels
guest_kernel

mkdir -p "$root/artifacts"
work=$(mktemp -d "$root/artifacts/reboot.XXXXXX")
trap '[ ! -f "$work/console" ] || [ -z "$console" ] || cp "$work/console" "$console"; rm -rf "$work"' EXIT

# One ramdisk for all boots. It also lies on a disk, from where a running guest takes it for the next kernel; another disk remembers
# that the guest has rebooted.
ramdisk="$work/files"
mkdir -p "$ramdisk/bin" "$ramdisk/m"
cp "$(command -v busybox)" "$ramdisk/bin/busybox"
cp "$program" "$ramdisk/bin/lifeboat"
cp "$image" "$ramdisk/vmlinuz"
for name in $guest_modules; do find "$modules" -name "$name.ko" -exec cp {} "$ramdisk/m/" \; ; done
cat >"$ramdisk/init" <<INIT
#!/bin/busybox sh
echo "@@ init"
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for name in $guest_modules; do [ -f /m/\$name.ko ] && insmod /m/\$name.ko; done
[ "\$(head -c 4 /dev/vdb)" != done ] || poweroff -f
printf done >/dev/vdb
head -c \$(sed -n 's/.*size=\([0-9]*\).*/\1/p' /proc/cmdline) /dev/vda >/next
sync
case \$(cat /proc/cmdline) in
    *by=kexec*)
        lifeboat boot /vmlinuz --initrd /next --load-only || poweroff -f
        echo "@@ reboot"
        lifeboat boot --now ;;
    *)
        echo "@@ reboot"
        reboot -f ;;
esac
INIT
chmod +x "$ramdisk/init"
(cd "$ramdisk" && find . -mindepth 1 | cpio -o -H newc --quiet | gzip -1) >"$work/ramdisk"
bytes=$(stat -c %s "$work/ramdisk")
cp "$work/ramdisk" "$work/disk"
truncate -s %4096 "$work/disk"

# boot FIRMWARE BY [QEMU OPTIONS...]: runs the guest to its end; each line of its console behind the time at which it came.
boot() {
    local firmware=$1 by=$2
    shift 2
    truncate -s 0 "$work/flag"
    truncate -s 4096 "$work/flag"
    echo "0 @@ run $firmware-$by" >>"$work/console"
    timeout 300 qemu-system-x86_64 -nodefaults -display none -accel tcg,thread=single -cpu max -m 1024 -smp 2 "$@" \
        -kernel "$image" -initrd "$work/ramdisk" -append "console=ttyS0 loglevel=3 panic=-1 size=$bytes by=$by" \
        -drive "file=$work/disk,format=raw,if=virtio,readonly=on" -drive "file=$work/flag,format=raw,if=virtio" -serial stdio </dev/null |
        while IFS= read -r line; do printf '%s %s\n' "${EPOCHREALTIME/,/.}" "${line%$'\r'}"; done >>"$work/console"
}

for ((round = 0; round < rounds; round++)); do
    for by in firmware kexec; do
        boot BIOS $by
        boot UEFI $by -bios /usr/share/ovmf/OVMF.fd
    done
done

# seconds RUN: the median, and how many there are of it.
seconds() {
    awk -v run="$1" '$2 != "@@" { next } $3 == "run" { mine = $4 == run; from = 0 } $3 == "reboot" { from = $1 } mine && from && $3 == "init" { print $1 - from }' "$work/console" |
        sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] + 0, NR }'
}
echo "| Firmware of the guest | reboot through it | lifeboat boot --now | saved |"
echo "|---|---|---|---|"
for firmware in BIOS UEFI; do
    read -r slow slow_count <<<"$(seconds $firmware-firmware)"
    read -r fast fast_count <<<"$(seconds $firmware-kexec)"
    if [ "$slow_count" != "$rounds" ] || [ "$fast_count" != "$rounds" ]; then
        say "a guest has not rebooted; --keep-console FILE shows which"
        exit 1
    fi
    awk -v name=$firmware -v slow="$slow" -v fast="$fast" 'BEGIN { printf "| %s | %.1f s | %.1f s | **%.1f s** |\n", name, slow, fast, slow - fast }'
done
say "kernel ${image##*/vmlinuz-}, ramdisk of $bytes bytes, $rounds rounds"
