#!/usr/bin/env bash
# Measures what docs/benchmarks.md says of telling pages apart: time and memory for machines of 16 GB to 1 TB, whose dumps a small
# program writes: whole arrays of struct page, holes for all other memory. The largest takes 16 GB of disk while it runs.
#   bench/classify.sh [GIBIBYTES...]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
require_packages time
build_program
[ $# -gt 0 ] || set -- 16 64 256 1024
dotnet build "$root/bench/SyntheticMachine" -c Release -v quiet --nologo >&2
writer="$root/artifacts/bin/SyntheticMachine/release/SyntheticMachine"
dumps="$root/artifacts/bench-dumps"
mkdir -p "$dumps"
dump="$dumps/synthetic.elf"
trap 'rm -f "$dump" "$dump".*' EXIT

printf '| RAM | struct pages | time | a TB | struct page read | peak resident |\n|---|---|---|---|---|---|\n'
for gibibytes in "$@"; do
    "$writer" "$dump" "$gibibytes"
    # The second of two: what of the array fits in memory is in the page cache.
    for _ in 1 2; do
        peak=$(/usr/bin/time -f %M "$program" filter --dry-run --json "$dump" 2>&1 >"$dump.json" | tail -n 1)
    done
    seconds=$(sed -n 's/^ *"countingSeconds": \([^,]*\),$/\1/p' "$dump.json")
    awk -v g="$gibibytes" -v s="$seconds" -v p="$peak" 'BEGIN {
        map = g * 2 ^ 30 / 64
        printf "| %d GB | %.1f GB | %.2f s | %.1f s | %.1f GB/s | %.1f MB |\n", g, map / 1e9, s, s / g * 1024, map / 1e9 / s, p / 1000 }'
done
