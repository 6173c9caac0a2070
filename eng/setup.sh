# Shared by ./lifeboat, ./test.sh and the benchmarks: names and installs what is missing, and builds the program.
# Sourced, never run. $root is the top of the checkout.

build_packages="gcc libc6-dev binutils libzstd-dev liblzma-dev libdeflate-dev libsodium-dev libbearssl-dev"
drill_packages="qemu-system-x86 e2fsprogs"

# What tools print is read here: in the language they were written in. Build servers must not outlive a build.
export LC_ALL=C MSBUILDDISABLENODEREUSE=1

say() { printf 'lifeboat: %s\n' "$*" >&2; }

# require_packages PACKAGE...: installs the Debian packages that are missing, or prints the line that does and stops.
require_packages() {
    local package missing=""
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null 2>&1; then
        say "these Debian packages, or what your system calls them, are missing:$missing"
        say "install them and run this again"
        exit 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        say "some packages are missing. Run this line, then run this again:"
        printf '    sudo apt-get update && sudo apt-get install -y --no-install-recommends%s\n' "$missing" >&2
        exit 1
    fi
    say "installing$missing"
    local log; log=$(mktemp)
    # shellcheck disable=SC2086
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        say "apt-get could not install$missing; its messages stand above"
        exit 1
    fi
    rm -f "$log"
}

# A slim machine has its packages and no lists of what else there is: kernels are found in those.
require_package_lists() {
    command -v apt-get >/dev/null 2>&1 || return 0
    ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 && return 0
    if [ "$(id -u)" -eq 0 ]; then
        say "fetching package lists"
        apt-get update -qq || true
    else
        say "this machine has no package lists; if a kernel has to be downloaded, run: sudo apt-get update"
    fi
}

require_dotnet() {
    if ! command -v dotnet >/dev/null 2>&1 || ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
        say "the .NET 10 SDK is missing. Debian has no package of it; get it either way:"
        printf '    from the vendor:   https://dotnet.microsoft.com/download/dotnet/10.0\n' >&2
        printf '    or by its script:  dotnet-install.sh --channel 10.0   (then add ~/.dotnet to PATH)\n' >&2
        exit 1
    fi
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1
}

# with_progress TITLE LOG COMMAND...: runs it quietly; says that it still runs; on failure shows what it said.
with_progress() {
    local title=$1 log=$2 status=0 seconds=0
    shift 2
    # The lock of the build stays here: what the command leaves running must not hold it.
    "$@" >"$log" 2>&1 9>&- &
    local pid=$!
    # shellcheck disable=SC2064
    trap "kill $pid 2>/dev/null; exit 130" INT TERM
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        if [ -t 2 ]; then
            printf '\rlifeboat: %s, %d s ' "$title" "$seconds" >&2
        elif [ "$seconds" -eq 3 ]; then
            say "$title"
        fi
    done
    [ -t 2 ] && [ "$seconds" -gt 0 ] && printf '\r\033[K' >&2
    wait "$pid" || status=$?
    trap - INT TERM
    if [ "$status" -ne 0 ]; then
        cat "$log" >&2
        say "failed: $title; the messages stand above and in $log"
        exit 1
    fi
}

program="$root/artifacts/program/lifeboat"

# Publishes the static program when it is missing or older than a source file.
build_program() {
    if [ -x "$program" ] && [ -z "$(find "$root/src" "$root/Directory.Build.props" "$root/Directory.Packages.props" \
            "$root/eng" "$root/global.json" -newer "$program" -print -quit)" ]; then
        return 0
    fi
    # shellcheck disable=SC2086
    require_packages $build_packages
    require_dotnet
    mkdir -p "$root/artifacts"
    # One build at a time: a second one waits, and then finds the program there.
    exec 9>"$root/artifacts/build.lock"
    flock -n 9 || { say "waiting for another build of this checkout"; flock 9; }
    if [ ! -x "$program" ] || [ -n "$(find "$root/src" "$root/Directory.Build.props" "$root/Directory.Packages.props" \
            "$root/eng" "$root/global.json" -newer "$program" -print -quit)" ]; then
        with_progress "building the static program" "$root/artifacts/build.log" publish_program
    fi
    exec 9>&-
}

publish_program() {
    local framework
    framework=$(dotnet msbuild "$root/src/Lifeboat.Cli/Lifeboat.Cli.csproj" -getProperty:AotTfm -p:TargetFramework=net9.0)
    dotnet publish "$root/src/Lifeboat.Cli/Lifeboat.Cli.csproj" -c Release -r linux-x64 -f "$framework" \
        -p:StaticExecutable=true -p:PositionIndependentExecutable=false \
        -p:CppCompilerAndLinker=gcc -p:ObjCopyName=objcopy -p:LinkerFlavor=bfd -p:UseSharedCompilation=false \
        -o "$root/artifacts/program.new"
    mkdir -p "$root/artifacts/program"
    touch "$root/artifacts/program.new/lifeboat"
    mv -f "$root/artifacts/program.new/lifeboat" "$program"
}
