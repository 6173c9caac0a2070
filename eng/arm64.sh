# Sourced by ./test.sh after eng/kernels.sh and eng/guests.sh: two dumps of one live arm64 guest, which QEMU writes
# (dump-guest-memory: an ELF core and a compressed one), and the log that the guest printed; and one dump of a guest with a newer
# kernel, which describes its types (BTF), after a panic, and what it printed of its stacks. Debian's kernels and busybox come
# out of packages for arm64 that are unpacked and not installed; apt keeps what it needs for that in a folder of its own. Kept
# in the cache.

arm64_packages="qemu-system-arm cpio"

# arm64_apt COMMAND...: apt for arm64, without touching the system's.
arm64_apt() {
    local tool=$1 state=$2
    shift 2
    "$tool" -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Acquire::Languages=none \
        -o Dir::State="$state" -o Dir::State::status="$state/status" -o Dir::Cache="$state" "$@"
}

# arm64_download FOLDER META: unpacks the kernel image that a meta package names, and busybox, into FOLDER/tree.
arm64_download() {
    local work=$1 meta=$2 image
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/tree"
    : >"$work/apt/status"
    arm64_apt apt-get "$work/apt" -qq update || return 1
    image=$(arm64_apt apt-cache "$work/apt" depends "$meta" |
        sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' | head -n 1)
    [ -n "$image" ] || return 1
    (cd "$work" && arm64_apt apt-get "$work/apt" -qq download "$image" busybox-static) || return 1
    local package
    for package in "$work"/*.deb; do
        dpkg-deb -x "$package" "$work/tree" || return 1
    done
}

# arm64_init: /init of the guest, which prints the log between two lines and waits. The module gives QEMU the vmcoreinfo note.
arm64_init() {
    cat <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox insmod /qemu_fw_cfg.ko
/bin/busybox hostname arm-guest
exec >/dev/console 2>&1
echo "guest: BEGIN"
/bin/busybox dmesg
echo "guest: END"
while true; do /bin/busybox sleep 1000; done
INIT
}

# arm64_talk: both dumps, in $work of guest_run, while the guest runs on.
arm64_talk() {
    guest_says console "guest: END" || return 1
    guest_do dump-guest-memory "$work/elf"
    guest_do dump-guest-memory -z "$work/kdump"
}

# arm64_guest FOLDER: boots the guest and has QEMU write both dumps.
arm64_guest() {
    local work=$1
    arm64_init | guest_ramdisk "$work" "$work/tree/bin/busybox" "$(find "$work/tree/lib/modules" -name 'qemu_fw_cfg.ko*')" ||
        return 1
    guest_run "$work" arm64_talk qemu-system-aarch64 -M virt -cpu max -accel tcg,thread=multi -m 256 -smp 2 \
        -kernel "$work"/tree/boot/vmlinuz-* -append "console=ttyAMA0 loglevel=4"
}

# arm64_crash_init: /init of a guest that prints the stack of every process and panics, while a second CPU works.
arm64_crash_init() {
    cat <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox insmod /qemu_fw_cfg.ko
exec >/dev/console 2>&1
/bin/busybox sleep 1000 &
/bin/busybox tail -f /dev/null &
(while true; do :; done) &
/bin/busybox sleep 2
echo "guest: BEGIN STACKS"
for process in /proc/[0-9]*; do
    echo "task $(/bin/busybox cat $process/stat 2>/dev/null)"
    /bin/busybox cat $process/stack 2>/dev/null
done
echo "guest: END STACKS"
echo 1 >/proc/sys/kernel/sysrq
echo c >/proc/sysrq-trigger
INIT
}

# arm64_crash_talk: a dump in $work of guest_run once the kernel has said the last of its panic.
arm64_crash_talk() {
    local try
    guest_says console "guest: END STACKS" || return 1
    for ((try = 0; try < 300; try++)); do
        grep -qs "end Kernel panic" "$work/console" && break
        sleep 0.2
    done
    guest_do dump-guest-memory -z "$work/kdump"
}

# arm64_crash_guest FOLDER: boots a guest, which panics, and has QEMU write a dump. Return addresses are signed (-cpu max).
arm64_crash_guest() {
    local work=$1
    arm64_crash_init |
        guest_ramdisk "$work" "$work/tree/bin/busybox" "$(find "$work/tree/lib/modules" -name 'qemu_fw_cfg.ko*')" || return 1
    guest_run "$work" arm64_crash_talk qemu-system-aarch64 -M virt -cpu max -accel tcg,thread=multi -m 256 -smp 2 \
        -kernel "$work"/tree/boot/vmlinuz-* -append "console=ttyAMA0 loglevel=7"
}

# make_arm64_crash DUMPS: a kernel with BTF, which Debian's 6.1 does not have on arm64.
make_arm64_crash() {
    local dumps=$1 work
    [ -f "$dumps/crashed" ] && return 0
    work=$(mktemp -d "$cache/arm64.XXXXXX")
    say "making a dump of an arm64 guest that panics"
    if arm64_download "$work" linux-image-6.12-arm64 >"$work/log" 2>&1 && arm64_crash_guest "$work" >>"$work/log" 2>&1 &&
        [ -s "$work/kdump" ]; then
        mkdir -p "$dumps"
        tr -d '\r' <"$work/console" >"$dumps/crashed.console"
        mv "$work/kdump" "$dumps/crashed"
    else
        cat "$work/log" "$work/qemu.log" >&2 || true
        say "no dump of an arm64 guest's panic could be made: tests that need one will be skipped"
    fi
    rm -rf "$work"
}

make_arm64_dumps() {
    local dumps="$cache/arm64-dumps" work
    export LIFEBOAT_TEST_ARM64_DUMPS="$dumps"
    [ -f "$dumps/kdump" ] && [ -f "$dumps/crashed" ] && return 0
    command -v apt-get >/dev/null 2>&1 || { say "no apt-get here: tests with an arm64 dump will be skipped"; return 0; }
    make_arm64_crash "$dumps"
    [ -f "$dumps/kdump" ] && return 0
    work=$(mktemp -d "$cache/arm64.XXXXXX")
    say "making a dump of an arm64 guest"
    if arm64_download "$work" linux-image-arm64 >"$work/log" 2>&1 && arm64_guest "$work" >>"$work/log" 2>&1 &&
        [ -s "$work/elf" ] && [ -s "$work/kdump" ]; then
        mkdir -p "$dumps"
        tr -d '\r' <"$work/console" | sed -n '/^guest: BEGIN/,/^guest: END/p' | sed '1d;$d' >"$dumps/log.txt"
        mv "$work/elf" "$dumps/elf"
        mv "$work/kdump" "$dumps/kdump"
    else
        cat "$work/log" "$work/qemu.log" >&2 || true
        say "no dump of an arm64 guest could be made: tests that need one will be skipped"
    fi
    rm -rf "$work"
}
