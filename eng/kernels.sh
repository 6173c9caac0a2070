# Sourced by ./test.sh and the benchmarks: Debian's 6.1 and 6.12 kernels, unpacked and not installed, in the cache
# that drills use too, and the debugging information of 6.1 that crash and drgn want.

cache="${XDG_CACHE_HOME:-$HOME/.cache}/lifeboat"

# newest_image META: the image package that a meta package depends on.
newest_image() { apt-cache depends --no-recommends "$1" | sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1; }

# unpack_package PACKAGE FOLDER [PATH]: downloads and unpacks a package (or one file of it), unless it is there.
unpack_package() {
    local package=$1 folder=$2 path=${3:-} work
    [ -d "$folder" ] && return 0
    mkdir -p "$(dirname "$folder")"
    work=$(mktemp -d "$folder.XXXXXX")
    say "downloading $package"
    (
        cd "$work"
        apt-get download -qq "$package" 2>"$work/apt.log" || { cat "$work/apt.log" >&2; exit 1; }
        mkdir tree
        if [ -n "$path" ]; then
            dpkg-deb --fsys-tarfile ./*.deb | tar -x -C tree --wildcards "$path"
        else
            dpkg-deb -x ./*.deb tree
        fi
        mv tree "$folder"
    ) || { rm -rf "$work"; return 1; }
    rm -rf "$work"
}

fetch_test_kernels() {
    command -v apt-get >/dev/null 2>&1 || { say "no apt-get here: tests with kernels will be skipped"; return 0; }
    # A machine whose package lists were never fetched finds no kernels.
    [ -n "$(newest_image linux-image-amd64 2>/dev/null)" ] || apt-get update -qq || true
    local image
    for meta in linux-image-amd64 linux-image-6.12-amd64; do
        image=$(newest_image "$meta") || true
        if [ -z "$image" ]; then
            say "no package $meta here: tests with it will be skipped"
            continue
        fi
        unpack_package "$image" "$cache/kernels/$image" || say "$image could not be had: tests with it will be skipped"
    done
    image=$(newest_image linux-image-amd64) || true
    if [ -n "$image" ]; then
        unpack_package "$image-dbg" "$cache/debug/${image#linux-image-}" "./usr/lib/debug/boot/vmlinux-*" ||
            say "no debugging information for $image: tests with it will be skipped"
        export LIFEBOAT_TEST_DEBUGINFO="$cache/debug"
    fi
    export LIFEBOAT_TEST_KERNELS="$cache/kernels"
}
