# Sourced by ./test.sh after eng/kernels.sh: programs that this one stands in for, or that call it, unpacked from Debian's
# packages and not installed: installing kdump-tools would set up the machine for it.

fetch_stood_in_for() {
    command -v apt-get >/dev/null 2>&1 || { say "no apt-get here: tests with kdump-tools will be skipped"; return 0; }
    apt_of own
    unpack_packages "$cache/programs/kdump-tools" "" kdump-tools || say "kdump-tools could not be had: tests with it will be skipped"
    unpack_packages "$cache/programs/kexec-tools" "" kexec-tools || say "kexec-tools could not be had: tests with it will be skipped"
    export LIFEBOAT_TEST_KDUMP_CONFIG="$cache/programs/kdump-tools/usr/sbin/kdump-config"
    export LIFEBOAT_TEST_VMCORE_DMESG="$cache/programs/kexec-tools/sbin/vmcore-dmesg"
}
