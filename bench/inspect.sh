#!/usr/bin/env bash
# Measures what docs/benchmarks.md says of inspecting: reports and stacks of a 2 GB guest's dump, beside drgn with debugging
# information on the same dump in the same run, everything in the page cache. Prints a table.
#   bench/inspect.sh [--runs N]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
# shellcheck source=../eng/setup.sh
. "$root/eng/setup.sh"
# shellcheck source=../eng/kernels.sh
. "$root/eng/kernels.sh"
runs=10
[ "${1:-}" != --runs ] || runs=$2
require_packages hyperfine python3-drgn time
build_program
fetch_test_kernels
dump="$root/artifacts/bench-dumps/2048.vmcore"
[ -f "$dump" ] || { mkdir -p "$(dirname "$dump")"; "$root/bench/guest-dump.sh" 2048 "$dump" >&2; }
release=$("$program" info --json "$dump" | sed -n 's/^ *"release": "\(.*\)",$/\1/p')
image="$LIFEBOAT_TEST_DEBUGINFO/$release/usr/lib/debug/boot/vmlinux-$release"
[ -f "$image" ] || { say "no debugging information of $release: drgn has nothing to go by"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Opens the dump and unwinds every task ("all"), or the one that crashed ("one").
cat >"$work/unwind.py" <<'END'
import sys
from drgn import Program
from drgn.helpers.linux.pid import for_each_task
prog = Program()
prog.set_core_dump(sys.argv[1])
try:
    prog.load_debug_info([sys.argv[2]])
except Exception:
    pass
if sys.argv[3] == 'one':
    print(prog.crashed_thread().stack_trace())
else:
    for task in for_each_task(prog):
        try:
            print(prog.stack_trace(task))
        except Exception as error:
            print(error)
END

seconds() {
    hyperfine --warmup 1 --runs "$runs" --export-csv "$work/csv" --style none "$1" >/dev/null 2>"$work/err" ||
        { cat "$work/err" >&2; echo "failed: $1" >&2; exit 1; }
    awk -F, 'NR == 2 { print $4 }' "$work/csv"
}
peak() { /usr/bin/time -f %M sh -c "$1" 2>&1 >/dev/null | tail -n 1; }

# row WHAT OURS THEIRS
row() {
    local ours theirs
    cat "$dump" "$image" >/dev/null
    ours=$(seconds "$2") theirs=$(seconds "$3")
    awk -v w="$1" -v a="$ours" -v b="$theirs" -v ra="$(peak "$2")" -v rb="$(peak "$3")" 'BEGIN {
        printf "| %s | %.3f s | %.3f s | **%.2f** | %.1f / %.1f MB |\n", w, a, b, a / b, ra / 1000, rb / 1000 }'
}

drgn="/usr/bin/python3 $work/unwind.py $dump $image"
printf '| What | ours | drgn | of its | peak resident, ours / its |\n|---|---|---|---|---|\n'
row "report" "$program inspect $dump" "$drgn one"
row "report with every task's stack" "$program inspect --all $dump" "$drgn all"
row "\`bt\` of the task that crashed" "$program inspect $dump bt" "$drgn one"
row "\`bt -A\`, every task" "$program inspect $dump bt -A" "$drgn all"
