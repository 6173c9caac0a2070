#!/usr/bin/env bash
# Measures what docs/benchmarks.md says of filtering: this program beside makedumpfile, Debian's and the newest, on the same dump
# in one run; dumps of a 2 GB and a 12 GB guest with real content, everything in the page cache, written to memory (/dev/shm), so
# that neither disk counts. Prints tables; makes the dumps first when they are not there (ten minutes), then takes about ten more.
#   bench/filter.sh [--runs N] [MEMORY-IN-MB...]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/kernels.sh
. "$root/eng/kernels.sh"
# shellcheck source=../eng/oracles.sh
. "$root/eng/oracles.sh"
runs=5
[ "${1:-}" != --runs ] || { runs=$2; shift 2; }
[ $# -gt 0 ] || set -- 2048 12288
require_packages hyperfine makedumpfile time
build_program
fetch_makedumpfile
newest=$LIFEBOAT_TEST_MAKEDUMPFILE debian=$(command -v makedumpfile)
dumps="$root/artifacts/bench-dumps"
mkdir -p "$dumps"
work=$(mktemp -d /dev/shm/lifeboat-bench.XXXXXX)
trap 'rm -rf "$work"' EXIT
out="$work/out"

# seconds COMMAND [RUNS]: the median of the runs; the output of the last one stays. The dump is read before each: kernels that reclaim
# ahead of need (DAMON) would have thrown parts of it out of the page cache.
seconds() {
    hyperfine --warmup 1 --runs "${2:-$runs}" --prepare "rm -f $out; cat $dump >/dev/null" --export-csv "$work/csv" --style none "$1" >/dev/null 2>"$work/err" ||
        { cat "$work/err" >&2; echo "failed: $1" >&2; exit 1; }
    awk -F, 'NR == 2 { print $4 }' "$work/csv"
}
size() { stat -c %s "$out"; }
letter() { case $1 in lzo) echo -l ;; zlib) echo -c ;; zstd) echo -z ;; snappy) echo -p ;; none) echo ;; esac; }
peak() { /usr/bin/time -f %M "$@" 2>&1 >/dev/null | tail -n 1; }

# row LEVEL CODEC: one line of the table.
row() {
    local level=$1 codec=$2 option one two old=- ours1 ours2 peer_size our_size rss1 rss2
    option=$(letter "$codec")
    case $codec in zstd | snappy) ;; *) old=$(seconds "$debian $option -d $level $dump $out") ;; esac
    # Its threads end in an abort now and then: a figure there is only of runs that all end well.
    two=$(seconds "$newest $option -d $level --num-threads 2 $dump $out" 2 2>/dev/null) || two=fails
    one=$(seconds "$newest $option -d $level $dump $out")
    peer_size=$(size)
    ours1=$(seconds "$program filter --compress $codec --level $level --threads 1 $dump $out")
    our_size=$(size)
    ours2=$(seconds "$program filter --compress $codec --level $level --threads 2 $dump $out")
    rm -f "$out"
    rss1=$(peak "$program" filter --compress "$codec" --level "$level" --threads 1 "$dump" "$out"); rm -f "$out"
    rss2=$(peak "$program" filter --compress "$codec" --level "$level" --threads 2 "$dump" "$out")
    best=$(printf '%s\n%s\n' "$one" "${old/-/$one}" | sort -g | head -n 1)
    awk -v m="$((memory / 1024))" -v d="$level" -v c="$codec" -v old="$old" -v one="$one" -v two="$two" -v a="$ours1" -v b="$ours2" -v best="$best" \
        -v ps="$peer_size" -v os="$our_size" -v r1="$rss1" -v r2="$rss2" 'BEGIN {
        both = two != "fails" && two < best ? two : best
        printf "| %d GB | %d | %s | %s | %.3f s | %s | %.3f s | **%.2f** | %.3f s | **%.2f** | %.1f / %.1f MB | %.3f | %.1f / %.1f MB |\n", m, d, c,
            old == "-" ? "-" : sprintf("%.3f s", old), one, two == "fails" ? two : sprintf("%.3f s", two), a, a / best, b, b / both, os / 1e6, ps / 1e6, os / ps, r1 / 1000, r2 / 1000 }'
}

# floor: what the kernel takes to put the bytes of the last output into a file, nothing read or looked at, beside makedumpfile's best.
floor() {
    local blocks=$(($(stat -c %s "$out") >> 19)) write
    write=$(seconds "dd if=/dev/zero of=$out bs=512K count=$blocks status=none")
    floors+=$(awk -v m="$((memory / 1024))" -v mb="$((blocks / 2))" -v w="$write" -v best="$best" 'BEGIN {
        printf "%d GB, none: to write %d MB of zeros takes %.3f s, %.2f of makedumpfile\047s best.", m, mb, w, w / best }')$'\n'
    rm -f "$out"
}

floors=
printf '| Guest | -d | Codec | makedumpfile, Debian 12 | newest | newest, 2 threads | ours | of its best | ours, 2 threads | of its best | file, ours / its | ratio | peak resident, 1 / 2 threads |\n'
printf '|---|---|---|---|---|---|---|---|---|---|---|---|---|\n'
for memory in "$@"; do
    dump="$dumps/$memory.vmcore"
    [ -f "$dump" ] || "$root/bench/guest-dump.sh" "$memory" "$dump" >&2
    for codec in zstd zlib none lzo snappy; do
        row 31 "$codec"
        [ "$codec" != none ] || floor
    done
    row 0 zstd
done
printf '\n%s' "$floors"
