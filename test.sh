#!/usr/bin/env bash
# Runs every test: sets up what they need, builds, and ends with the line "N passed, N failed, N skipped".
#   ./test.sh            everything, with virtual machines
#   ./test.sh --quick    without virtual machines and without the kernels they need
#   ./test.sh --nightly  everything, and what is repeated more often, or takes long, only there; writes docs/nightly.md
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
cd "$root"
# shellcheck source=eng/setup.sh
. "$root/eng/setup.sh"

quick=no
case "${1:-}" in
    "") ;;
    --quick) quick=yes ;;
    --nightly) export LIFEBOAT_TEST_NIGHTLY=yes ;;
    *) say "unknown option $1; ./test.sh takes --quick, --nightly or nothing"; exit 2 ;;
esac

results="$root/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"

# The counts are the runners' own: one <Counters .../> a project. Whatever happens, the last line has them.
count() { { cat "$results"/*.trx 2>/dev/null || true; } | { grep -o '<Counters [^>]*' || true; } | { grep -o " $1=\"[0-9]*" || true; } |
    awk -F '"' '{ sum += $2 } END { print sum + 0 }'; }
tell() {
    local status=$? total passed failed
    total=$(count total) passed=$(count passed) failed=$(count failed)
    if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then status=1; fi
    echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
    exit "$status"
}
trap tell EXIT

# Tools that did not come from here and judge what comes from here.
oracle_packages="age binutils cpio kmod file xz-utils zstd e2fsprogs xfsprogs btrfs-progs dosfstools mtools libunicorn2 liblzo2-2 libsnappy1v5 nginx-light
    python3 python3-boto3 iproute2 busybox openssh-client openssh-server"
machine_oracle_packages="nfs-ganesha nfs-ganesha-vfs ovmf sbsigntool makedumpfile crash gdb python3-drgn python3-libkdumpfile tgt"

# shellcheck disable=SC2086
require_packages $build_packages $oracle_packages
require_dotnet
# shellcheck source=eng/servers.sh
. "$root/eng/servers.sh"
fetch_test_servers
if [ "$quick" = yes ]; then
    # A tenth of the damaged copies of each format.
    export LIFEBOAT_TEST_MUTATIONS="${LIFEBOAT_TEST_MUTATIONS:-10000}"
else
    # shellcheck disable=SC2086
    require_packages $drill_packages $machine_oracle_packages
    # shellcheck source=eng/kernels.sh
    . "$root/eng/kernels.sh"
    fetch_test_kernels
    # shellcheck source=eng/oracles.sh
    . "$root/eng/oracles.sh"
    fetch_makedumpfile
    # shellcheck source=eng/stand-ins.sh
    . "$root/eng/stand-ins.sh"
    fetch_stood_in_for
    build_program
    export LIFEBOAT_TEST_PROGRAM="$program"
    # shellcheck source=eng/dumps.sh
    . "$root/eng/dumps.sh"
    make_test_dumps
    # shellcheck source=eng/debian-root.sh
    . "$root/eng/debian-root.sh"
    # shellcheck disable=SC2086
    require_packages $debian_root_packages
    make_debian_root
    make_storage_root
    # shellcheck source=eng/guests.sh
    . "$root/eng/guests.sh"
    # shellcheck source=eng/qemu-dumps.sh
    . "$root/eng/qemu-dumps.sh"
    make_qemu_dumps
    # shellcheck source=eng/arm64.sh
    . "$root/eng/arm64.sh"
    # shellcheck disable=SC2086
    require_packages $arm64_packages
    make_arm64_dumps
    if [ "${LIFEBOAT_TEST_NIGHTLY:-}" = yes ]; then
        # shellcheck source=eng/crash-keys-kernel.sh
        . "$root/eng/crash-keys-kernel.sh"
        # shellcheck disable=SC2086
        require_packages $crash_keys_kernel_packages
        fetch_crash_keys_kernel || say "the kernel that hands keys over could not be built: the test with it will be skipped"
    fi
fi

with_progress "building the tests" "$root/artifacts/test-build.log" dotnet build Lifeboat.slnx -c Debug

status=0
for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    [ "$quick" = yes ] && [ "$name" = Lifeboat.Machine.Tests ] && continue
    dotnet test "$project" -c Debug --no-build --logger "trx;LogFileName=$name.trx" --results-directory "$results" || status=1
done

if [ "${LIFEBOAT_TEST_NIGHTLY:-}" = yes ]; then
    python3 "$root/eng/nightly.py" "$results"/*.trx >"$results/nightly.md" && mv "$results/nightly.md" "$root/docs/nightly.md" || status=1
fi

exit "$status"
