# Sourced by ./test.sh --nightly after eng/kernels.sh: a kernel that hands keys of encrypted disks over at a crash (CONFIG_CRASH_DM_CRYPT), which
# Debian's do not. Debian's own source of 7.2, with no more than such a guest needs; ten minutes, once, and then in the cache.

crash_keys_kernel_packages="build-essential flex bison bc libelf-dev libssl-dev kmod xz-utils"

# fetch_crash_keys_kernel: sets LIFEBOAT_TEST_CRASH_KEYS_KERNEL to a folder as that of an unpacked package.
fetch_crash_keys_kernel() {
    local folder="$cache/crash-keys-kernel-1" work
    if [ ! -d "$folder" ]; then
        apt_of sid || return 1
        mkdir -p "$cache"
        work=$(mktemp -d "$cache/.crash-keys-kernel.XXXXXX")
        with_progress "building a kernel with CONFIG_CRASH_DM_CRYPT" "$work/log" build_crash_keys_kernel "$work" || { rm -rf "$work"; return 1; }
        mv "$work/tree" "$folder"
        rm -rf "$work"
    fi
    export LIFEBOAT_TEST_CRASH_KEYS_KERNEL="$folder"
}

# build_crash_keys_kernel WORK
build_crash_keys_kernel() {
    local source="$1/source" release
    mkdir -p "$source" "$1/tree/boot" || return 1
    (cd "$1" && apt-get "${apt_options[@]}" download -qq linux-source-7.2) || return 1
    dpkg-deb --fsys-tarfile "$1"/linux-source-7.2_*.deb | tar -xO --wildcards './usr/src/linux-source-7.2.tar.xz' |
        tar -xJ -C "$source" --strip-components=1 || return 1
    crash_keys_kernel_options >"$1/options"
    (
        cd "$source" || exit 1
        scripts/kconfig/merge_config.sh -n "$1/options" || exit 1
        for option in CRASH_DM_CRYPT=y DM_CRYPT=m EXT4_FS=m VIRTIO_BLK=m PROC_VMCORE=y; do
            grep -qx "CONFIG_$option" .config || { echo "CONFIG_$option was not taken"; exit 1; }
        done
        make -s -j"$(nproc)" bzImage modules && make -s INSTALL_MOD_PATH="$1/tree" modules_install
    ) || return 1
    release=$(make -s -C "$source" kernelrelease) || return 1
    cp "$source/arch/x86/boot/bzImage" "$1/tree/boot/vmlinuz-$release" && cp "$source/.config" "$1/tree/boot/config-$release"
}

# All else is no.
crash_keys_kernel_options() {
    printf 'CONFIG_%s=y\n' 64BIT SMP MULTIUSER PRINTK PRINTK_TIME TTY SERIAL_8250 SERIAL_8250_CONSOLE EARLY_PRINTK BLK_DEV_INITRD RD_GZIP BINFMT_ELF \
        BINFMT_SCRIPT PROC_FS PROC_SYSCTL SYSFS TMPFS DEVTMPFS DEVTMPFS_MOUNT NET UNIX INET FUTEX EPOLL SIGNALFD TIMERFD EVENTFD INOTIFY_USER SHMEM \
        POSIX_TIMERS AIO ADVISE_SYSCALLS MEMBARRIER FHANDLE FILE_LOCKING SYSVIPC HIGH_RES_TIMERS MODULES MODULE_UNLOAD PCI PCI_MSI ACPI DMI \
        FIRMWARE_MEMMAP VIRTIO_MENU BLOCK BLK_DEV MD KEYS CONFIGFS_FS MAGIC_SYSRQ KALLSYMS RELOCATABLE RANDOMIZE_BASE KEXEC KEXEC_FILE \
        CRASH_DUMP PROC_VMCORE CRASH_DM_CRYPT RTC_CLASS RTC_DRV_CMOS HYPERVISOR_GUEST PARAVIRT X86_LOCAL_APIC X86_IO_APIC CRYPTO CRYPTO_USER_API_HASH \
        CRYPTO_USER_API_SKCIPHER CRYPTO_SHA256 CRYPTO_CRC32C UNIX98_PTYS DEVMEM BUG
    printf 'CONFIG_%s=m\n' VIRTIO_PCI VIRTIO_BLK EXT4_FS BLK_DEV_DM DM_CRYPT CRYPTO_AES CRYPTO_XTS CRYPTO_ESSIV
    echo CONFIG_PANIC_TIMEOUT=5
}
