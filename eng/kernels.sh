# Sourced by ./test.sh and the benchmarks: Debian's 5.10, 6.1, 6.12 and 7.2 kernels, unpacked and not installed, in the
# cache that drills use too, and the debugging information of 6.1 that crash and drgn want. What this machine's own package
# lists do not have comes from other suites of the same archive, through package lists of our own: apt's are not touched.

cache="${XDG_CACHE_HOME:-$HOME/.cache}/lifeboat"

# apt_of SUITE: sets apt_options so that apt-get and apt-cache speak of that suite ("own": of this machine's lists).
apt_of() {
    local suite=$1 folder="$cache/apt/$1" archive
    apt_options=()
    [ "$suite" = own ] && return 0
    apt_options=(-o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=-
        -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=)
    # Lists a day old are good enough; without any, there is nothing to ask.
    [ -n "$(find "$folder/fetched" -mmin -1440 2>/dev/null)" ] && return 0
    # shellcheck disable=SC2016
    archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 2>/dev/null | sed -n 1p)
    [ -n "$archive" ] || { say "the address of Debian's archive is not in this machine's package lists"; return 1; }
    mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
    printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
        deb "$archive" "$suite" deb-src "$archive" "$suite" >"$folder/sources.list"
    apt-get "${apt_options[@]}" update -qq >"$folder/update.log" 2>&1 && touch "$folder/fetched" && return 0
    [ -e "$folder/fetched" ] || { cat "$folder/update.log" >&2; return 1; }
}

# newest_image META: the image package that a meta package depends on, in the suite of apt_of.
newest_image() {
    apt-cache "${apt_options[@]}" depends --no-recommends "$1" 2>/dev/null |
        sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | sed -n 1p
}

# image_parts IMAGE: the packages whose trees together are the kernel; from 7.x on an image is an empty package.
image_parts() {
    local version=${1#linux-image-} depends
    depends=$(apt-cache "${apt_options[@]}" depends --no-recommends "$1" 2>/dev/null)
    case "$depends" in
        *"Depends: linux-binary-$version"*) echo "linux-binary-$version linux-modules-$version linux-base-$version" ;;
        *) echo "$1" ;;
    esac
}

# unpack_packages FOLDER PATH PACKAGE...: downloads and unpacks packages (or the files of them that match PATH, unless it is
# empty) into one folder, unless it is there.
unpack_packages() {
    local folder=$1 path=$2 work
    shift 2
    [ -d "$folder" ] && return 0
    mkdir -p "$(dirname "$folder")"
    work=$(mktemp -d "$(dirname "$folder")/.unpacking.XXXXXX")
    say "downloading $*"
    (
        cd "$work"
        mkdir tree
        apt-get "${apt_options[@]}" download -qq "$@" 2>"$work/apt.log" || { cat "$work/apt.log" >&2; exit 1; }
        for archive in ./*.deb; do
            if [ -n "$path" ]; then
                dpkg-deb --fsys-tarfile "$archive" | tar -x -C tree --wildcards "$path"
            else
                dpkg-deb -x "$archive" tree
            fi
        done
        mv tree "$folder"
    ) || { rm -rf "$work"; return 1; }
    rm -rf "$work"
}

# fetch_kernel SUITE META: what cannot be had is told, and the tests that want it skip.
fetch_kernel() {
    local image
    if ! apt_of "$1" || ! image=$(newest_image "$2") || [ -z "$image" ]; then
        say "no package $2 in ${1/own/this machine\'s package lists}: tests with it will be skipped"
        return 0
    fi
    # shellcheck disable=SC2046
    unpack_packages "$cache/kernels/$image" "" $(image_parts "$image") ||
        say "$image could not be had: tests with it will be skipped"
}

fetch_test_kernels() {
    command -v apt-get >/dev/null 2>&1 || { say "no apt-get here: tests with kernels will be skipped"; return 0; }
    # A machine whose package lists were never fetched finds no kernels.
    apt_of own
    [ -n "$(newest_image linux-image-amd64)" ] || apt-get update -qq || true
    fetch_kernel own linux-image-amd64
    fetch_kernel own linux-image-6.12-amd64
    fetch_kernel bullseye linux-image-amd64
    fetch_kernel sid linux-image-amd64
    local image
    apt_of own
    image=$(newest_image linux-image-amd64) || true
    if [ -n "$image" ]; then
        unpack_packages "$cache/debug/${image#linux-image-}" "./usr/lib/debug/boot/vmlinux-*" "$image-dbg" ||
            say "no debugging information for $image: tests with it will be skipped"
        export LIFEBOAT_TEST_DEBUGINFO="$cache/debug"
    fi
    export LIFEBOAT_TEST_KERNELS="$cache/kernels"
}
