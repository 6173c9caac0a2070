using Lifeboat.Core.Memory;
using Lifeboat.Drill.Guests;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Guests;

public sealed class GuestConfigurationTests
{
    private static readonly GuestConfiguration Plain = new()
    {
        KernelPath = "/boot/vmlinuz",
        RamdiskPath = "/tmp/a b/ramdisk",
        CommandLine = "console=ttyS0 crashkernel=128M",
        Memory = ByteCount.FromKiB((2048 << 10) - 1),
        Cpus = 2,
        Accelerator = Accelerator.Emulation,
    };

    [Fact]
    public void The_arguments_are_as_agreed() => Golden.Matches(
        "qemu-emulation.txt",
        Text(Plain with { DiskPath = "/tmp/with,comma/target.img", DebuggerSocket = "/tmp/with,comma/gdb" }));

    [Fact]
    public void The_arguments_with_kvm_and_nothing_attached_are_as_agreed() =>
        Golden.Matches("qemu-kvm.txt", Text(Plain with { Accelerator = Accelerator.Kvm }));

    [Fact]
    public void The_arguments_with_a_CPU_to_come_are_as_agreed() =>
        Golden.Matches("qemu-cpu-to-come.txt", Text(Plain with { MaxCpus = 3, FirmwarePath = "/usr/share/ovmf/OVMF.fd" }));

    [Fact]
    public void The_arguments_of_firmware_with_variables_are_as_agreed() => Golden.Matches(
        "qemu-secure-boot.txt",
        Text(Plain with { FirmwarePath = "/usr/share/OVMF/code,4M.fd", FirmwareVariablesPath = "/tmp/with,comma/variables.fd" }));

    private static string Text(GuestConfiguration configuration) =>
        string.Concat(configuration.ToQemuArguments().Select(argument => argument + "\n"));
}
