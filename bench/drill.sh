#!/usr/bin/env bash
# Measures what docs/benchmarks.md says of drills: time, sizes, memory, and the smallest reservation, for Debian's 6.1 and 6.12
# kernels. Prints a table; takes about ten minutes under software emulation.
#   bench/drill.sh [--no-minimum]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/kernels.sh
. "$root/eng/kernels.sh"
# shellcheck disable=SC2086
require_packages $drill_packages
build_program
fetch_test_kernels

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# field NAME FILE: the first number or text of that name in an indented JSON document.
field() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$2" | head -n 1; }
megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f MB", bytes / 1e6 }'; }

printf '| Kernel | drill, wall clock | program | capture ramdisk | capture, peak resident | panic to log durable | panic to dump durable | dump of RAM | smallest crashkernel |\n'
printf '|---|---|---|---|---|---|---|---|---|\n'
for image in "$cache"/kernels/linux-image-*/boot/vmlinuz-*; do
    report="$work/report.json"
    start=$(date +%s.%N)
    "$program" drill --json --kernel "$image" >"$report" 2>"$work/messages" || { cat "$work/messages" "$report" >&2; exit 1; }
    seconds=$(awk -v start="$start" -v end="$(date +%s.%N)" 'BEGIN { printf "%.1f", end - start }')
    minimum="not measured"
    if [ "${1:-}" != --no-minimum ]; then
        "$program" drill --find-minimum --json --kernel "$image" >"$work/minimum.json" 2>"$work/messages"
        minimum="$(($(field smallestBytes "$work/minimum.json") >> 20))M"
    fi
    printf '| %s | %s s (%s) | %s | %s | %s | %s s | %s s | %s of %s | %s |\n' \
        "$(field kernel "$report")" "$seconds" "$(field accelerator "$report")" \
        "$(megabytes "$(field programBytes "$report")")" "$(megabytes "$(field captureRamdiskBytes "$report")")" \
        "$(megabytes "$(field peakResidentBytes "$report")")" \
        "$(awk -v s="$(field panicToLogSeconds "$report")" 'BEGIN { printf "%.1f", s }')" \
        "$(awk -v s="$(field panicToDumpSeconds "$report")" 'BEGIN { printf "%.1f", s }')" \
        "$(megabytes "$(field fileBytes "$report")")" "$(megabytes "$(field ramBytes "$report")")" "$minimum"
done
