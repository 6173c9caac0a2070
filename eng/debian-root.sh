# Sourced by ./test.sh and the benchmarks after eng/kernels.sh: a small Debian 12 with systemd, kexec-tools and kdump-tools, packed
# as a ramdisk that a kernel of ours boots into. Its kexec is a link to /usr/sbin/lifeboat, which whoever boots it adds;
# kexec-tools' own is beside it as kexec.debian. The machine itself gets nothing but debootstrap.

debian_root_packages="debootstrap cpio"

make_debian_root() {
    local file="$cache/debian-root/root.cpio" work
    export LIFEBOAT_TEST_DEBIAN_ROOT="$file"
    [ -f "$file" ] && return 0
    if [ "$(id -u)" -ne 0 ] || ! apt_of bookworm; then
        say "a Debian to boot could not be made (it takes root and Debian's archive): tests with it will be skipped"
        return 0
    fi
    mkdir -p "$cache/debian-root"
    work=$(mktemp -d "$cache/debian-root/.making.XXXXXX")
    with_progress "making a Debian to boot" "$work/log" build_debian_root "$work" "$(sed -n 's/^deb .* \(http[^ ]*\) .*/\1/p' "$cache/apt/bookworm/sources.list")" "$file" ||
        say "a Debian to boot could not be made: tests with it will be skipped"
    rm -rf "$work"
}

# build_debian_root WORK ARCHIVE FILE
build_debian_root() {
    local tree="$1/tree"
    debootstrap --variant=minbase --include=systemd-sysv,dbus,udev,kmod,procps,file,time,kexec-tools,kdump-tools bookworm "$tree" "$2" || return 1
    # What nobody reads in a guest is most of it.
    rm -rf "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/* "$tree"/usr/share/{doc,man,locale,info} || return 1
    mv "$tree/usr/sbin/kexec" "$tree/usr/sbin/kexec.debian" || return 1
    ln -s lifeboat "$tree/usr/sbin/kexec" || return 1
    # A login would ask on the console that the tests read.
    ln -sf /dev/null "$tree/etc/systemd/system/serial-getty@ttyS0.service" || return 1
    ln -s sbin/init "$tree/init" || return 1
    (cd "$tree" && find . -mindepth 1 | cpio -o -H newc --quiet) >"$1/root.cpio" && mv "$1/root.cpio" "$3"
}
