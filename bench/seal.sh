#!/usr/bin/env bash
# Measures what docs/benchmarks.md says of sealing: this program beside age on the same file in turns, from memory to memory
# (/dev/shm, twice the size of the file), so that no disk counts; and what it costs a dump: the memory of a guest (bench/guest-dump.sh) is
# filtered and packed by one thread into a stream, into a file and through seal into one, on one CPU. Medians. Takes two minutes.
#   bench/seal.sh [--runs N] [MEBIBYTES]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
runs=5
[ "${1:-}" != --runs ] || { runs=$2; shift 2; }
mebibytes=${1:-512}
require_packages age time
build_program
work=$(mktemp -d /dev/shm/lifeboat-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
"$root/bench/guest-dump.sh" 2048 "$work/memory"
recipient=$("$program" seal --new-key "$work/key")
dd if=/dev/urandom of="$work/in" bs=1M count="$mebibytes" status=none
rm -f "$work"/*.log
out=$work/out

# turn NAME COMMAND...: the time and peak memory of one run into NAME.log.
turn() {
    local name=$1
    shift
    rm -f "$out"
    /usr/bin/time -a -o "$work/$name.log" -f '%e %M' "$@" >/dev/null
}
for _ in $(seq "$runs"); do
    turn our-seal "$program" seal --to "$recipient" "$work/in" "$out"
    turn its-seal age -r "$recipient" -o "$out" "$work/in"
    cp "$out" "$work/sealed"
    turn our-unseal "$program" unseal -i "$work/key" "$work/sealed" "$out"
    turn its-unseal age -d -i "$work/key" -o "$out" "$work/sealed"
    rm -f "$work/sealed"
    for level in 31 1; do
        stream="$program filter --format flattened --level $level --threads 1 $work/memory -"
        turn "plain-$level" taskset -c 0 sh -c "$stream >$out"
        turn "sealed-$level" taskset -c 0 sh -c "$stream | $program seal --to $recipient - $out"
    done
done

median() { sort -g "$work/$1.log" | awk '{ seconds[NR] = $1 } END { print seconds[int((NR + 1) / 2)] }'; }
peak() { awk '$2 > most { most = $2 } END { print most }' "$work/$1.log"; }
printf '| What | ours | age | of its time | peak resident, ours / its |\n|---|---|---|---|---|\n'
for what in seal unseal; do
    awk -v what="$what" -v mb="$mebibytes" -v a="$(median our-$what)" -v b="$(median its-$what)" -v p="$(peak our-$what)" -v q="$(peak its-$what)" 'BEGIN {
        mb *= 1.048576
        printf "| %s, %.0f MB | %.2f s, %.0f MB/s | %.2f s, %.0f MB/s | **%.2f** | %.1f / %.1f MB |\n", what, mb, a, mb / a, b, mb / b, a / b, p / 1000, q / 1000 }'
done
printf '| Dump of a guest of 2 GB, one CPU | plain | sealed | more |\n|---|---|---|---|\n'
for level in 31 1; do
    awk -v level="$level" -v a="$(median "plain-$level")" -v b="$(median "sealed-$level")" 'BEGIN {
        printf "| level %d | %.2f s | %.2f s | %.0f %% |\n", level, a, b, (b / a - 1) * 100 }'
done
