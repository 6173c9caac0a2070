#!/usr/bin/env bash
# Measures what docs/benchmarks.md says of capturing in the guest: a guest with real content is armed by this program and panics;
# in its capture kernel, in one ramdisk, /proc/vmcore is written by this program and by makedumpfile in turns, to memory (tmpfs)
# and to a disk of ext4, "sync" included. Which of the two is first changes with every round; the table has medians. A capture
# kernel has one CPU (nr_cpus=1), so each has one thread. Takes about eight minutes under software emulation.
#   bench/capture.sh [--rounds N] [--crashkernel SIZE] [--keep-console FILE]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/kernels.sh
. "$root/eng/kernels.sh"
# shellcheck source=../eng/oracles.sh
. "$root/eng/oracles.sh"
# shellcheck source=guest.sh
. "$root/bench/guest.sh"
rounds=5 crashkernel=256M console="" memory=2048
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2 ;;
        --crashkernel) crashkernel=$2 ;;
        --keep-console) console=$2 ;;
        *) sed -n 's/^#   /usage: /p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
# shellcheck disable=SC2086
require_packages $drill_packages busybox-static cpio makedumpfile time
build_program
fetch_test_kernels
fetch_makedumpfile
makedumpfile=${LIFEBOAT_TEST_MAKEDUMPFILE:-$(command -v makedumpfile)}

guest_kernel
mkdir -p "$root/artifacts"
work=$(mktemp -d "$root/artifacts/capture.XXXXXX")
qemu=""
trap '[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || true; [ ! -f "$work/console" ] || [ -z "$console" ] || cp "$work/console" "$console"; rm -rf "$work"' EXIT

# stage_peer FOLDER: makedumpfile, time, and the dynamic loader and libraries of both. A newest makedumpfile that could not be
# built lies in a tree with its own suite's libraries; all else runs with this machine's.
stage_peer() {
    local tree
    tree=$(dirname "$(readlink -f "$makedumpfile")")
    mkdir -p "$1"
    if [ -x "$tree/usr/bin/makedumpfile" ]; then
        cp -L "$tree/usr/bin/makedumpfile" "$tree"/usr/lib/x86_64-linux-gnu/*.so.* "$1/"
    else
        cp -L "$makedumpfile" "$1/makedumpfile"
        ldd "$makedumpfile" | sed -n 's/.*[ \t]\(\/[^ ]*\) (0x.*/\1/p' | xargs -I {} cp -L {} "$1/"
    fi
    cp /usr/bin/time "$1/time"
}

# The capture kernel's ramdisk: ours, and behind it an archive with the peer, whose /bench is process 1 instead of /init.
target=$(cat /proc/sys/kernel/random/uuid)
mkdir -p "$work/files/capture" "$work/more/bin" "$work/more/bench"
printf 'ext4 UUID=%s\n' "$target" >"$work/settings"
"$program" ramdisk build "$work/ours.img" --kernel "$image" --modules "$modules" --settings "$work/settings" \
    --module virtio_pci --module virtio_blk >&2
cp "$(command -v busybox)" "$work/more/bin/busybox"
stage_peer "$work/more/bench/peer"
cat >"$work/more/bench/init" <<INIT
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
while read -r module; do insmod \$module && rm \$module; done </etc/lifeboat/modules
mount -t tmpfs -o size=70% tmpfs /tmp
mount -t ext4 /dev/vdb /target || echo "bench: no disk"
peer="/bench/peer/ld-linux-x86-64.so.2 --library-path /bench/peer /bench/peer"
echo "bench: \$(nproc) CPU, \$(grep MemTotal /proc/meminfo), \$(grep MemAvailable /proc/meminfo)"
# run NAME CODEC FOLDER COMMAND
run() {
    sync
    echo 3 >/proc/sys/vm/drop_caches
    \$peer/time -o /time -f '%e %U %S %M %R' sh -c "\$4 \$3/out && sync \$3/out && sync" >/said 2>&1 || { echo "bench: \$1 failed"; tail -n 3 /said; }
    echo "bench: run \$1 \$2 \$3 \$(tail -n 1 /time) \$(stat -c %s \$3/out)"
    rm -f \$3/out
}
ours() { run ours \$1 \$2 "/init filter --compress \$1 --level 31 --threads 1 /proc/vmcore"; }
peer() {
    case \$1 in lzo) letter=-l ;; zstd) letter=-z ;; esac
    run peer \$1 \$2 "\$peer/makedumpfile \$letter -d 31 /proc/vmcore"
}
round=0
while [ \$round -lt $rounds ]; do
    for folder in /tmp /target; do
        for codec in lzo zstd; do
            if [ \$((round % 2)) = 0 ]; then ours \$codec \$folder; peer \$codec \$folder; else peer \$codec \$folder; ours \$codec \$folder; fi
        done
    done
    round=\$((round + 1))
done
umount /target
echo "bench: done"
sleep 1 # so that the kernel's last words do not stand within these
poweroff -f
INIT
chmod +x "$work/more/bench/init"
{ cat "$work/ours.img"; (cd "$work/more" && find . | cpio -o -H newc --quiet | gzip -6); } >"$work/files/capture/ramdisk"
cp "$program" "$work/files/capture/lifeboat"
cp -L "$image" "$work/files/capture/vmlinuz"

truncate -s 1G "$work/target"
mke2fs -q -t ext4 -U "$target" "$work/target"
guest_disk "$work" "$memory"
guest_ramdisk "$work" "$memory" <<'THEN'
/disk/capture/lifeboat arm /disk/capture/vmlinuz --ramdisk /disk/capture/ramdisk --append rdinit=/bench/init || { echo "bench: not armed"; poweroff -f; }
sleep 1
echo c >/proc/sysrq-trigger
THEN
guest_run "$work" "$memory" "crashkernel=$crashkernel" -drive "file=$work/target,format=raw,if=virtio,cache=unsafe"
guest_wait "$work" 'guest: filled' 1800
say "capturing, $rounds rounds"
guest_wait "$work" 'bench: done' 3600
wait "$qemu" || true
qemu=""
tr -d '\r' <"$work/console" | grep -aE 'bench: .* failed|bench: [0-9]+ CPU' >&2 || true

# column PLACE CODEC NAME FIELD: of each round.
column() {
    tr -d '\r' <"$work/console" | awk -v folder="$1" -v codec="$2" -v name="$3" -v field="$4" \
        '/bench: run/ { sub(/.*bench: run /, ""); if ($1 == name && $2 == codec && $3 == folder) print $field }'
}
median() { sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# What else the machine does changes from round to round: the ratio is the median of each round's, not that of the medians.
printf '| To | Codec | makedumpfile | ours | of its | file, ours / its | ratio | peak resident, ours / its | user + kernel, ours | its |\n'
printf '|---|---|---|---|---|---|---|---|---|---|\n'
for folder in /tmp /target; do
    for codec in lzo zstd; do
        row=$(paste -d ' ' <(column "$folder" "$codec" ours 4) <(column "$folder" "$codec" peer 4) | awk '{ print $1 / $2 }' | median)
        for field in 4 5 6 7 9; do
            for name in ours peer; do row="$row $(column "$folder" "$codec" "$name" "$field" | median)"; done
        done
        echo "$row" | awk -v codec="$codec" -v folder="$folder" '{
            printf "| %s | %s | %.2f s | %.2f s | **%.2f** | %.1f / %.1f MB | %.3f | %.1f / %.1f MB | %.2f + %.2f s | %.2f + %.2f s |\n",
                folder == "/tmp" ? "tmpfs" : "ext4", codec, $3, $2, $1, $10 / 1e6, $11 / 1e6, $10 / $11, $8 * 1024 / 1e6, $9 * 1024 / 1e6,
                $4, $6, $5, $7 }'
    done
done
