# Sourced by the benchmarks after eng/setup.sh and eng/kernels.sh: a Debian 12 on a disk, as an installer leaves it: its own kernel and
# ramdisk, systemd, kexec-tools and kdump-tools with the capture ramdisk that these make, clients of NFS and ssh. Its network is QEMU's.

debian_disk_packages="debootstrap e2fsprogs"

# debian_disk: makes it unless it is there. Sets debian_disk_folder, which has disk.img (a filesystem), vmlinuz and initrd.img.
debian_disk() {
    local release=${image##*/vmlinuz-} work
    debian_disk_folder="$cache/debian-disk-2/$release"
    [ -f "$debian_disk_folder/disk.img" ] && return 0
    apt_of bookworm
    mkdir -p "$debian_disk_folder"
    work=$(mktemp -d "$debian_disk_folder/.making.XXXXXX")
    with_progress "making a Debian on a disk" "$work/log" \
        build_debian_disk "$work" "$(sed -n 's/^deb .* \(http[^ ]*\) .*/\1/p' "$cache/apt/bookworm/sources.list")" "$release"
    mv "$work"/{vmlinuz,initrd.img,disk.img} "$debian_disk_folder/"
    rm -rf "$work"
}

# build_debian_disk WORK ARCHIVE RELEASE
build_debian_disk() {
    local tree="$1/tree"
    debootstrap --variant=minbase --include=systemd-sysv,udev,kmod,procps,file,iproute2,ifupdown,initramfs-tools,zstd,kexec-tools,kdump-tools,makedumpfile,nfs-common,openssh-client \
        bookworm "$tree" "$2" || return 1
    rm -rf "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/* || return 1
    mkdir -p "$tree/lib/modules" || return 1
    cp -a "$modules" "$tree/lib/modules/$3" && cp -L "$image" "$tree/boot/vmlinuz-$3" || return 1
    cp "$(dirname "$image")/config-$3" "$tree/boot/config-$3" || return 1
    # What the installer takes from the machine that it runs on ("dep") is said here: a chroot does not show the guest's.
    echo MODULES=list >>"$tree/etc/initramfs-tools/initramfs.conf"
    printf '%s\n' virtio_pci virtio_blk virtio_net ext4 nfs nfsv4 >>"$tree/etc/initramfs-tools/modules"
    printf '/dev/vda / ext4 errors=remount-ro 0 1\n' >"$tree/etc/fstab"
    printf 'auto lo eth0\niface lo inet loopback\niface eth0 inet static\n  address 10.0.2.15/24\n  gateway 10.0.2.2\n' >"$tree/etc/network/interfaces"
    echo bench >"$tree/etc/hostname"
    ln -sf /dev/null "$tree/etc/systemd/system/serial-getty@ttyS0.service" || return 1
    chroot "$tree" depmod "$3" || return 1
    chroot "$tree" mkinitramfs -o "/boot/initrd.img-$3" "$3" || return 1
    chroot "$tree" /etc/kernel/postinst.d/kdump-tools "$3" || return 1
    cp "$tree/boot/vmlinuz-$3" "$1/vmlinuz" && cp "$tree/boot/initrd.img-$3" "$1/initrd.img" || return 1
    cp "$tree/etc/kdump/sysctl.conf" "$tree/var/lib/kdump/latest_sysctls-$3" || return 1
    truncate -s 4G "$1/disk.img"
    mke2fs -q -t ext4 -d "$tree" "$1/disk.img" || return 1
    rm -rf "$tree"
}
