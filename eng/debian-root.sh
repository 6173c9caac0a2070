# Sourced by ./test.sh and the benchmarks after eng/kernels.sh: a small Debian 12 with systemd, kexec-tools, kdump-tools and what connects
# it to disks of other hosts, packed as a ramdisk that a kernel of ours boots into. Its kexec is a link to /usr/sbin/lifeboat, which whoever
# boots it adds; kexec-tools' own is beside it as kexec.debian. The machine itself gets nothing but debootstrap.

debian_root_packages="debootstrap cpio"

# The number in a root's name is another one when its packages change.
make_debian_root() {
    export LIFEBOAT_TEST_DEBIAN_ROOT="$cache/debian-root/root-2.cpio"
    make_root "$LIFEBOAT_TEST_DEBIAN_ROOT" build_debian_root
}

# Without systemd, and with what puts storage together.
make_storage_root() {
    export LIFEBOAT_TEST_STORAGE_ROOT="$cache/debian-root/storage-2.cpio"
    make_root "$LIFEBOAT_TEST_STORAGE_ROOT" build_storage_root
}

# make_root FILE BUILDER
make_root() {
    local file=$1 builder=$2 work
    [ -f "$file" ] && return 0
    if [ "$(id -u)" -ne 0 ] || ! apt_of bookworm; then
        say "a Debian to boot could not be made (it takes root and Debian's archive): tests with it will be skipped"
        return 0
    fi
    mkdir -p "$cache/debian-root"
    work=$(mktemp -d "$cache/debian-root/.making.XXXXXX")
    with_progress "making a Debian to boot" "$work/log" "$builder" "$work" "$(sed -n 's/^deb .* \(http[^ ]*\) .*/\1/p' "$cache/apt/bookworm/sources.list")" "$file" ||
        say "a Debian to boot could not be made: tests with it will be skipped"
    rm -rf "$work"
}

# build_debian_root WORK ARCHIVE FILE
build_debian_root() {
    local tree="$1/tree"
    debootstrap --variant=minbase --include=systemd-sysv,dbus,udev,kmod,procps,file,time,kexec-tools,kdump-tools,iproute2,e2fsprogs,open-iscsi,nvme-cli,initramfs-tools,busybox \
        bookworm "$tree" "$2" || return 1
    # Daemons are started by whom they are for, and none asks at the start for hosts that are not there.
    rm -f "$tree"/etc/systemd/system/*.wants/{iscsid,open-iscsi,nvmf-autoconnect,nvmefc-boot-connections}.* || return 1
    strip_root "$tree" || return 1
    mv "$tree/usr/sbin/kexec" "$tree/usr/sbin/kexec.debian" || return 1
    ln -s lifeboat "$tree/usr/sbin/kexec" || return 1
    # A login would ask on the console that the tests read.
    ln -sf /dev/null "$tree/etc/systemd/system/serial-getty@ttyS0.service" || return 1
    ln -s sbin/init "$tree/init" || return 1
    pack_root "$1" "$3"
}

# build_storage_root WORK ARCHIVE FILE
build_storage_root() {
    local tree="$1/tree"
    debootstrap --variant=minbase --include=udev,kmod,e2fsprogs,lvm2,thin-provisioning-tools,mdadm,cryptsetup-bin,keyutils,multipath-tools,kpartx,initramfs-tools,dracut-core \
        bookworm "$tree" "$2" || return 1
    strip_root "$tree" && rm -f "$tree/usr/lib/udev/hwdb.bin" && pack_root "$1" "$3"
}

# What nobody reads in a guest is most of it.
strip_root() { rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/usr/share/{doc,man,locale,info}; }

# pack_root WORK FILE
pack_root() { (cd "$1/tree" && find . -mindepth 1 | cpio -o -H newc --quiet) >"$1/root.cpio" && mv "$1/root.cpio" "$2"; }
