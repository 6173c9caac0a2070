# Sourced by ./test.sh and the benchmarks after eng/kernels.sh: the newest makedumpfile that Debian has, in the cache. The one
# that is installed knows neither newer kernels nor all codecs. Built from the source package with every codec; an archive
# that does not serve sources has the binary (without snappy), which runs through its own suite's dynamic loader.

oracle_build_packages="libdw-dev libelf-dev liblzo2-dev libsnappy-dev libzstd-dev zlib1g-dev libbz2-dev liblzma-dev g++ make"
oracle_libraries="libc6 libdw1t64 libelf1t64 liblzo2-2 libzstd1 zlib1g libbz2-1.0 liblzma5"

# fetch_makedumpfile: exports LIFEBOAT_TEST_MAKEDUMPFILE, or says why not: then the installed one is the oracle. One that is
# named already stays.
fetch_makedumpfile() {
    local version folder work
    [ -z "${LIFEBOAT_TEST_MAKEDUMPFILE:-}" ] || return 0
    command -v apt-get >/dev/null 2>&1 && apt_of sid || { say "Debian's newest makedumpfile cannot be had"; return 0; }
    version=$(apt-cache "${apt_options[@]}" show --no-all-versions makedumpfile 2>/dev/null | sed -n 's/^Version: \(.*:\)\?//p' | sort -V | tail -n 1)
    folder="$cache/oracles/makedumpfile-$version"
    if [ -n "$version" ] && [ ! -x "$folder/makedumpfile" ]; then
        mkdir -p "$cache/oracles"
        work=$(mktemp -d "$cache/oracles/.making.XXXXXX")
        say "making makedumpfile $version"
        if { build_makedumpfile "$work" || unpack_makedumpfile "$work"; } >"$work.log" 2>&1 && rm -rf "$folder" && mv "$work/made" "$folder"; then
            rm -f "$work.log"
        else
            say "makedumpfile $version could not be made: $work.log says why"
        fi
        rm -rf "$work"
    fi
    [ ! -x "$folder/makedumpfile" ] || export LIFEBOAT_TEST_MAKEDUMPFILE="$folder/makedumpfile"
}

build_makedumpfile() {
    (
        cd "$1" && apt-get "${apt_options[@]}" source -qq --download-only --only-source makedumpfile || exit 1
        # shellcheck disable=SC2086
        require_packages $oracle_build_packages
        mkdir source made && tar -x -C source --strip-components 1 -f makedumpfile_*.orig.tar.* &&
            make -C source LINKTYPE=dynamic USELZO=on USESNAPPY=on USEZSTD=on &&
            cp source/makedumpfile made/makedumpfile
    )
}

unpack_makedumpfile() {
    # shellcheck disable=SC2086
    unpack_packages "$1/made" "" makedumpfile $oracle_libraries || return 1
    cat >"$1/made/makedumpfile" <<'END'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/usr/lib64/ld-linux-x86-64.so.2" --library-path "$here/usr/lib/x86_64-linux-gnu" "$here/usr/bin/makedumpfile" "$@"
END
    chmod +x "$1/made/makedumpfile"
}
