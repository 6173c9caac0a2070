# Sourced by ./test.sh after eng/kernels.sh and eng/guests.sh: dumps of one x86-64 guest in every format that QEMU's
# dump-guest-memory writes, all of the same moment: elf, paging (-p), zlib (-z), and lzo (-l) and snappy (-s) where this QEMU
# was built with them; and bare, of the moment before the guest gave QEMU its VMCOREINFO. Kept in the cache, with holes for
# the zeros: 300 MB.

# qemu_init: /init of the guest. It waits for a line before it loads the module that gives QEMU the note.
qemu_init() {
    cat <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox mount -t devtmpfs none /dev
exec </dev/console >/dev/console 2>&1
echo "guest: BARE"
read -r line
/bin/busybox insmod /qemu_fw_cfg.ko
echo "guest: NOTED"
while true; do /bin/busybox sleep 1000; done
INIT
}

# qemu_talk: what is asked of the guest, in $work of guest_run.
qemu_talk() {
    guest_says console "guest: BARE" || return 1
    guest_do stop
    guest_do dump-guest-memory "$work/dumps/bare"
    guest_do info status
    guest_says qemu.log "VM status: paused" || return 1
    guest_do cont
    guest_type go
    guest_says console "guest: NOTED" || return 1
    guest_do stop
    guest_do dump-guest-memory "$work/dumps/elf"
    guest_do dump-guest-memory -p "$work/dumps/paging"
    guest_do dump-guest-memory -z "$work/dumps/zlib"
    guest_do dump-guest-memory -l "$work/dumps/lzo"
    guest_do dump-guest-memory -s "$work/dumps/snappy"
}

# qemu_guest WORK: boots the oldest cached kernel 6.x. With page tables of user space apart (pti), -p would find the few
# pages of those when it stops the guest there.
qemu_guest() {
    local work=$1 image module
    image=$(find "$cache"/kernels/linux-image-6.*/boot -name 'vmlinuz-*' | sort | sed -n 1p)
    [ -n "$image" ] || { echo "no kernel 6.x in $cache/kernels"; return 1; }
    module=$(find "${image%/boot/*}" -name 'qemu_fw_cfg.ko*' | sed -n 1p)
    [ -n "$module" ] || { echo "$image comes without qemu_fw_cfg.ko"; return 1; }
    apt_of own
    unpack_packages "$cache/programs/busybox-static" "*/bin/busybox" busybox-static || return 1
    mkdir "$work/dumps"
    qemu_init | guest_ramdisk "$work" "$(find "$cache/programs/busybox-static" -name busybox)" "$module" || return 1
    guest_run "$work" qemu_talk qemu-system-x86_64 -cpu max -accel tcg,thread=multi -m 256 -smp 2 -kernel "$image" \
        -append "console=ttyS0 loglevel=4 nopti"
}

make_qemu_dumps() {
    local dumps="$cache/qemu-dumps" work name missing=""
    export LIFEBOAT_TEST_QEMU_DUMPS="$dumps"
    [ -d "$dumps" ] && return 0
    command -v apt-get >/dev/null 2>&1 || { say "no apt-get here: tests with QEMU's dumps will be skipped"; return 0; }
    work=$(mktemp -d "$cache/qemu.XXXXXX")
    say "making dumps of a guest with QEMU's dump-guest-memory"
    if qemu_guest "$work" >"$work/log" 2>&1 &&
        [ -s "$work/dumps/bare" ] && [ -s "$work/dumps/elf" ] && [ -s "$work/dumps/paging" ] && [ -s "$work/dumps/zlib" ]; then
        chmod 600 "$work"/dumps/*
        for name in bare elf paging zlib lzo snappy; do
            if [ -s "$work/dumps/$name" ]; then
                fallocate --dig-holes "$work/dumps/$name" 2>/dev/null || true
            else
                missing="$missing $name"
            fi
        done
        mv "$work/dumps" "$dumps"
        [ -z "$missing" ] || say "this QEMU does not write$missing: tests with it will be skipped"
    else
        cat "$work/log" "$work/qemu.log" >&2 || true
        say "no dumps of a guest could be made with QEMU: tests that need them will be skipped"
    fi
    rm -rf "$work"
}
