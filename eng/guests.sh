# Sourced by eng/arm64.sh and eng/qemu-dumps.sh: guests of busybox and one module, whose memory QEMU writes when its monitor
# is told to. A folder of work has all of a guest: ramdisk/, initrd, console (what it printed), qemu.log (what QEMU answered).

# guest_ramdisk WORK BUSYBOX MODULE: packs WORK/initrd; init is what stands on standard input.
guest_ramdisk() {
    local ramdisk="$1/ramdisk"
    mkdir -p "$ramdisk/bin" "$ramdisk/proc" "$ramdisk/sys" "$ramdisk/dev" || return 1
    cp "$2" "$ramdisk/bin/busybox" || return 1
    case "$3" in
        *.xz) xz -dc "$3" ;;
        *) cat "$3" ;;
    esac >"$ramdisk/qemu_fw_cfg.ko" || return 1
    cat >"$ramdisk/init" || return 1
    chmod +x "$ramdisk/init"
    (cd "$ramdisk" && find . | cpio -o -H newc --quiet) | gzip -1 >"$1/initrd"
}

# guest_run WORK TALK QEMU ARGUMENT...: runs the guest for as long as the function TALK takes, which has a folder as $work,
# and speaks through the functions below; then ends it.
guest_run() (
    work=$1 talk=$2
    shift 2
    mkfifo "$work/monitor" "$work/serial.in" "$work/serial.out" || exit 1
    # For reading and writing, so that neither end waits for the other, nor dies with it.
    exec 6<>"$work/serial.out" 7<>"$work/serial.in" 8<>"$work/monitor"
    cat <&6 >"$work/console" &
    reader=$!
    timeout 150 "$@" -display none -nodefaults -device vmcoreinfo -initrd "$work/initrd" -monitor stdio \
        -serial "pipe:$work/serial" <&8 >"$work/qemu.log" 2>&1 &
    guest=$!
    # shellcheck disable=SC2064
    trap "kill $reader $guest 2>/dev/null" EXIT
    "$talk" || exit 1
    guest_do quit
    wait "$guest"
)

# guest_do COMMAND...: gives QEMU's monitor a command. It takes one after the other.
guest_do() { echo "$*" >&8; }

# guest_type LINE: types a line on the guest's console.
guest_type() { echo "$*" >&7; }

# guest_says FILE TEXT: waits until the console or QEMU's log in the folder of work has a line that begins so.
guest_says() {
    local try
    for ((try = 0; try < 600; try++)); do
        grep -qs "^$2" "$work/$1" && return 0
        kill -0 "$guest" 2>/dev/null || return 1
        sleep 0.2
    done
    return 1
}
