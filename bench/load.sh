#!/usr/bin/env bash
# Measures what docs/benchmarks.md says of loading: in one guest of Debian 12 this program and kexec-tools load the same capture kernel
# and ramdisk in turns (kexec_load and kexec_file_load), timed by the guest's own clock, and boot it by kexec in turns; the jump
# ends with the first line that the next kernel's init prints. Medians. Takes about five minutes under software emulation.
#   bench/load.sh [--rounds N] [--jumps N] [--keep-console FILE]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/kernels.sh
. "$root/eng/kernels.sh"
# shellcheck source=../eng/debian-root.sh
. "$root/eng/debian-root.sh"
# shellcheck source=guest.sh
. "$root/bench/guest.sh"
rounds=5 jumps=3 console=""
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2 ;;
        --jumps) jumps=$2 ;;
        --keep-console) console=$2 ;;
        *) sed -n 's/^#   /usage: /p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
# shellcheck disable=SC2086
require_packages $drill_packages $debian_root_packages busybox-static
build_program
fetch_test_kernels
make_debian_root
[ -f "$LIFEBOAT_TEST_DEBIAN_ROOT" ] || exit 1

guest_kernel
mkdir -p "$root/artifacts"
work=$(mktemp -d "$root/artifacts/load.XXXXXX")
trap '[ ! -f "$work/console" ] || [ -z "$console" ] || cp "$work/console" "$console"; rm -rf "$work"' EXIT

# pack TREE: the Debian with these files on top.
pack() { { cat "$LIFEBOAT_TEST_DEBIAN_ROOT"; (cd "$1" && find . -mindepth 1 | cpio -o -H newc --quiet); } >"$1.cpio"; }

# boot RAMDISK APPEND: runs the guest to its end; each line of its console behind the time at which it came.
boot() {
    timeout 600 qemu-system-x86_64 -nodefaults -display none -no-reboot -accel tcg,thread=single -cpu max -m 2048 -smp 2 \
        -kernel "$image" -initrd "$1" -append "console=ttyS0 loglevel=3 panic=-1 systemd.show_status=0 $2" -serial stdio </dev/null |
        while IFS= read -r line; do printf '%s %s\n' "${EPOCHREALTIME/,/.}" "${line%$'\r'}"; done >>"$work/console"
}

# Debian's /lib is a link to usr/lib, which a folder of that name would take the place of.
files="$work/files"
mkdir -p "$files/etc/systemd/system/multi-user.target.wants" "$files/usr/sbin" "$files/usr/lib/load"
cp "$program" "$files/usr/sbin/lifeboat"
cp "$image" "$files/usr/lib/load/vmlinuz"
# What a capture ramdisk of a distribution weighs; content that does not compress is what compressed content looks like.
head -c 24000000 /dev/urandom >"$files/usr/lib/load/ramdisk"
printf '[Service]\nType=oneshot\nExecStart=/usr/lib/load/run\n' >"$files/etc/systemd/system/load.service"
ln -s ../load.service "$files/etc/systemd/system/multi-user.target.wants/load.service"
cat >"$files/usr/lib/load/run" <<'SH'
#!/bin/sh
exec >/dev/ttyS0 2>&1
systemctl stop kdump-tools
cd /usr/lib/load
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
# one NAME COMMAND...: seconds, kB resident at the most, and bytes that a group of its own had to be given (files read before are
# not counted there: they are in the page cache already).
one() {
    name=$1
    shift
    mkdir /sys/fs/cgroup/one
    sh -c 'echo $$ >/sys/fs/cgroup/one/cgroup.procs; exec /usr/bin/time -o /run/time -f "%e %U %S %M" "$@"' sh "$@" >/run/output 2>&1
    code=$?
    echo "@@ $name $(tail -n 1 /run/time) $(cat /sys/fs/cgroup/one/memory.peak) $code"
    [ $code -eq 0 ] || cat /run/output
    rmdir /sys/fs/cgroup/one
}
cat vmlinuz ramdisk >/dev/null
for round in $(seq "$(sed -n 's/.*rounds=\([0-9]*\).*/\1/p' /proc/cmdline)"); do
    one peer-load kexec.debian -c -p vmlinuz --initrd=ramdisk --command-line=x=y
    one ours-load lifeboat arm vmlinuz --ramdisk ramdisk --command-line x=y
    one peer-file kexec.debian -s -p vmlinuz --initrd=ramdisk --command-line=x=y
    one ours-file lifeboat arm vmlinuz --ramdisk ramdisk --command-line x=y --call kexec_file_load
done
poweroff -f
SH
chmod +x "$files/usr/lib/load/run"
pack "$files"
boot "$files.cpio" "crashkernel=256M rounds=$rounds"

# The jump: the next kernel is the same, its init a shell's one line, beside 24 MB that it unpacks.
mkdir -p "$work/next/bin"
cp "$(command -v busybox)" "$work/next/bin/"
cp "$files/usr/lib/load/ramdisk" "$work/next/"
printf '#!/bin/busybox sh\necho "@@ init"\n' >"$work/next/init"
chmod +x "$work/next/init"
(cd "$work/next" && find . -mindepth 1 | cpio -o -H newc --quiet) >"$files/usr/lib/load/joined"
cat >"$files/usr/lib/load/run" <<'SH'
#!/bin/sh
exec >/dev/ttyS0 2>&1
cd /usr/lib/load
append="console=ttyS0 loglevel=3 panic=-1"
case $(cat /proc/cmdline) in
    *by=peer*) kexec.debian -c -l vmlinuz --initrd=joined "--command-line=$append"; echo "@@ jump peer"; kexec.debian -e -x ;;
    *) lifeboat boot vmlinuz --initrd joined --command-line "$append" --load-only; echo "@@ jump ours"; kexec.debian -e -x ;;
esac
SH
pack "$files"
for ((jump = 0; jump < jumps; jump++)); do
    for by in peer ours; do boot "$files.cpio" "by=$by"; done
done

# median NAME FIELD: of the lines "time @@ NAME ...", the first field after the name being 4.
median() { awk -v name="$1" -v field="$2" '$2 == "@@" && $3 == name { print $field }' "$work/console" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
# jump NAME: seconds from the line before the jump to the first of the next init.
jump() {
    awk -v name="$1" '$2 == "@@" && $3 == "jump" { from = $4 == name ? $1 : 0 } $2 == "@@" && $3 == "init" && from { print $1 - from; from = 0 }' "$work/console" |
        sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
row() {
    awk -v title="$1" -v a="$2" -v b="$3" -v unit="$4" -v scale="$5" 'BEGIN {
        printf "| %s | %.2f %s | %.2f %s | **%.2f** |\n", title, a / scale, unit, b / scale, unit, b / a }'
}
if awk '$2 == "@@" && $3 ~ /-(load|file)$/ && $NF != 0 { bad = 1 } END { exit !bad }' "$work/console"; then
    say "a load failed; --keep-console FILE shows which"
    exit 1
fi
echo '| Figure | kexec-tools | ours | of its |'
echo '|---|---|---|---|'
row "load for a crash, kexec_load" "$(median peer-load 4)" "$(median ours-load 4)" s 1
row "load for a crash, kexec_file_load" "$(median peer-file 4)" "$(median ours-file 4)" s 1
row "kexec_load: memory that had to be found" "$(median peer-load 8)" "$(median ours-load 8)" MB 1000000
row "kexec_file_load: the same" "$(median peer-file 8)" "$(median ours-file 8)" MB 1000000
row "kexec_load: resident at the most, mapped files counted" "$(median peer-load 7)" "$(median ours-load 7)" MB 1000
row "jump to init, kexec_load" "$(jump peer)" "$(jump ours)" s 1
