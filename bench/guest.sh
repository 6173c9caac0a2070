# Sourced by the benchmarks after eng/setup.sh and eng/kernels.sh: a guest of Debian's 6.1 with real content. A quarter of its
# memory is page cache (files of this machine's /usr), a quarter anonymous memory, one part random bytes and three the bytes of
# such files; inodes and directory entries of /usr/share are in the slab caches.

guest_piece=64
guest_modules="virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk crc16 crc32c_generic mbcache jbd2 ext4 qemu_fw_cfg"

# guest_kernel: sets image and modules.
guest_kernel() {
    image=$(ls "$cache"/kernels/linux-image-6.1.*/boot/vmlinuz-* | tail -n 1)
    modules=$(dirname "$(dirname "$image")")/lib/modules/${image##*/vmlinuz-}
}

# guest_disk FOLDER MEMORY: makes FOLDER/disk of what fills a guest of so many MB, and of what lies in FOLDER/files already.
guest_disk() {
    local files="$1/files" share=$(($2 / 4))
    say "copying files of /usr to the guest's disk"
    mkdir -p "$files/pieces"
    cp -a /usr/share "$files/" 2>/dev/null || true
    (tar -C / -cf - usr/lib usr/bin usr/share 2>/dev/null || true) | (head -c ${share}M; cat >/dev/null) |
        split -b ${guest_piece}M -d -a 4 - "$files/pieces/"
    truncate -s $((share + $(du -sm "$files/share" | cut -f 1) * 2 + 512))M "$1/disk"
    mke2fs -q -t ext4 -m 0 -d "$files" "$1/disk"
    rm -rf "$files"
}

# guest_ramdisk FOLDER MEMORY: makes FOLDER/ramdisk.gz, whose init fills the guest, says so, and does the lines on standard input.
guest_ramdisk() {
    local name ramdisk="$1/ramdisk"
    mkdir -p "$ramdisk/bin" "$ramdisk/m"
    cp "$(command -v busybox)" "$ramdisk/bin/busybox"
    for name in $guest_modules; do find "$modules" -name "$name.ko" -exec cp {} "$ramdisk/m/" \; ; done
    cat - >"$ramdisk/then"
    cat >"$ramdisk/init" <<INIT
#!/bin/busybox sh
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /disk
exec 2>/dev/null; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for name in $guest_modules; do [ -f /m/\$name.ko ] && insmod /m/\$name.ko; done
mount -t ext4 -o ro /dev/vda /disk || { echo "guest: no disk"; poweroff -f; }
hold() { dd "\$@" bs=${guest_piece}M count=1 iflag=fullblock | sleep 1000000 & }
n=0
for file in /disk/pieces/*; do
    n=\$((n + 1))
    case \$((n % 4)) in
        0) hold if=/dev/urandom; dd if=\$file of=/dev/null bs=1M ;;
        *) hold if=\$file ;;
    esac
done
find /disk/share >/dev/null
n=0
while [ \$n -lt $(($2 / 4 / guest_piece)) ]; do
    n=0
    for p in /proc/[0-9]*/wchan; do grep -q pipe_write \$p && n=\$((n + 1)); done
    sleep 1
done
echo "guest: filled"; cat /proc/meminfo
exec 2>&1
. /then
sleep 1000000
INIT
    chmod +x "$ramdisk/init"
    (cd "$ramdisk" && find . | cpio -o -H newc --quiet | gzip -1) >"$1/ramdisk.gz"
}

# guest_run FOLDER MEMORY APPEND [QEMU OPTIONS...]: starts it; its process is $qemu, its console FOLDER/console.
guest_run() {
    local folder=$1 memory=$2 append=$3
    shift 3
    say "filling a guest of $memory MB"
    qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m "$memory" -nodefaults -nographic -no-reboot -device vmcoreinfo \
        -kernel "$image" -initrd "$folder/ramdisk.gz" -append "console=ttyS0 quiet panic=-1 $append" \
        -drive "file=$folder/disk,format=raw,if=virtio,readonly=on" -serial "file:$folder/console" "$@" &
    qemu=$!
}

# guest_wait FOLDER TEXT SECONDS: until the text stands on the console.
guest_wait() {
    for _ in $(seq "$3"); do
        grep -q "$2" "$1/console" 2>/dev/null && return 0
        kill -0 "$qemu" 2>/dev/null || break
        sleep 1
    done
    grep -q "$2" "$1/console" 2>/dev/null && return 0
    cat "$1/console" >&2
    say "the guest ended, or took $3 s, and did not say \"$2\""
    exit 1
}
