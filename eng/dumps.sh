# Sourced by ./test.sh after eng/kernels.sh and eng/oracles.sh: whole dumps of real guests, a kernel each, for the tests that read and write
# real memory. A drill makes each (RELEASE.elf: level 0, packed with LZO, which every makedumpfile reads); makedumpfile filters it
# (RELEASE.kdump; of kernels newer than itself it leaves out pages that it should keep), and so does this program
# (RELEASE.filtered). Beside them lies RELEASE.truth/, what the guest's kernel said of itself just before it crashed, by the paths
# of /proc: all are of that moment. Kept in artifacts/ until it is cleaned.

make_test_dumps() {
    local dumps="$root/artifacts/test-dumps" image release work
    mkdir -p "$dumps"
    for image in "$cache"/kernels/linux-image-*/boot/vmlinuz-* "$cache"/kernels/linux-image-*/usr/lib/modules/*/vmlinuz; do
        [ -f "$image" ] || continue
        case "$image" in
            */boot/*) release=${image##*/vmlinuz-} ;;
            *) release=$(basename "$(dirname "$image")") ;;
        esac
        [ -f "$dumps/$release.kdump" ] && [ -f "$dumps/$release.filtered" ] && [ -d "$dumps/$release.truth" ] && continue
        work=$(mktemp -d "$dumps/making.XXXXXX")
        say "making a dump of $release"
        if "$program" drill --kernel "$image" --memory 512M --level 0 --compress lzo --truth --keep "$work" >"$work/drill.log" 2>&1 &&
            "${LIFEBOAT_TEST_MAKEDUMPFILE:-makedumpfile}" -c -d 31 "$work/vmcore.kdump" "$work/kdump" >"$work/makedumpfile.log" 2>&1 &&
            "$program" filter --level 31 --compress zlib "$work/vmcore.kdump" "$work/filtered" >"$work/filter.log" 2>&1 &&
            mkdir "$work/truth" && (cd "$work/truth" && cpio -idm --quiet --no-absolute-filenames) <"$work/truth.cpio"; then
            rm -rf "$dumps/$release.kdump" "$dumps/$release.filtered" "$dumps/$release.truth"
            mv "$work/vmcore.kdump" "$dumps/$release.elf"
            mv "$work/filtered" "$dumps/$release.filtered"
            mv "$work/truth" "$dumps/$release.truth"
            mv "$work/kdump" "$dumps/$release.kdump"
        else
            cat "$work"/*.log >&2 || true
            say "no dump of $release could be made: tests that need one will be skipped"
        fi
        rm -rf "$work"
    done
    export LIFEBOAT_TEST_DUMPS="$dumps"
}
