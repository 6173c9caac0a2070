using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Requests and plans for the machine of <see cref="MachineTree"/>.</summary>
internal static class TestPlans
{
    internal static CrashLoadRequest Request(SetupHeader? header = null) => new()
    {
        Kernel = Kernel(header),
        Ramdisk = Bytes(5000),
        CommandLine = "console=ttyS0 nokaslr",
        Machine = MachineTree.Machine(),
    };

    internal static RebootLoadRequest RebootRequest(SetupHeader? header = null) => new()
    {
        Kernel = Kernel(header),
        Ramdisk = Bytes(5000),
        CommandLine = "console=ttyS0",
        Machine = MachineTree.Machine(),
    };

    internal static KernelFile Kernel(SetupHeader? header = null) => KernelFile.Open(BzImageWriter.Write(header), "vmlinuz-test");

    internal static LoadPlan Plan() => CrashLoadPlanner.Plan(Request());

    internal static MachineDescription WithReservation(this MachineDescription machine, ulong start, ulong end) =>
        machine with
        {
            Iomem = IomemMap.Parse(MachineTree.Iomem.Replace(
                "77000000-7effffff", $"{start:x8}-{end - 1:x8}", StringComparison.Ordinal)),
        };

    internal static PhysicalRange Range(ulong start, ulong end) =>
        new(new PhysicalAddress(start), new PhysicalAddress(end));

    internal static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
