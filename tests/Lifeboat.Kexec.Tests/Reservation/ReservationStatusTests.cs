using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Reservation;
using Lifeboat.Kexec.Tests.Support;

namespace Lifeboat.Kexec.Tests.Reservation;

public sealed class ReservationStatusTests
{
    [Fact]
    public void Shows_what_is_reserved_asked_for_and_used()
    {
        using var tree = new MachineTree();
        tree.Write("sys/kernel/kexec_crash_loaded", "1\n");
        tree.Write("sys/kernel/kexec_crash_size", "134217728\n");
        tree.Write("run/lifeboat/armed.json",
            """{"kernel":"/boot/v","ramdisks":[],"commandLine":"","call":"kexec_load","cpus":2,"ramBytes":1,"layout":"x","loadedBytes":41943040}""");
        Assert.Equal(
            """
              reserved    128 MiB
                          [0x77000000, 0x7f000000)  128 MiB
              loaded      40 MiB
              last drill  none
              RAM         2 GiB

            The command line
            crashkernel=128M
              128 MiB  for the capture kernel
            With 2 GiB of RAM: 128 MiB below 4 GiB, or where there is no room above it with 256 MiB below

            """.ReplaceLineEndings("\n"),
            CrashKernelReport.ToText(ReservationStatus.Read(tree.Root)));
    }

    [Fact]
    public void Shows_the_memory_that_CMA_lends_where_the_kernel_tells()
    {
        using var tree = new MachineTree();
        tree.Write("sys/kernel/kexec/crash_loaded", "0\n");
        tree.Write("sys/kernel/kexec/crash_cma_ranges", "40000000-4fffffff\n60000000-6fffffff\n");
        var status = ReservationStatus.Read(tree.Root);
        Assert.Equal(2, status.Kexec.CmaRanges.Count);
        Assert.Contains("lent by CMA  [0x60000000, 0x70000000)  256 MiB", CrashKernelReport.ToText(status), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_when_the_kernel_has_reserved_nothing_of_what_was_asked_for()
    {
        using var tree = new MachineTree();
        tree.Write("proc/iomem", MachineTree.Iomem.Replace("77000000-7effffff : Crash kernel", "77000000-7effffff : Other", StringComparison.Ordinal));
        tree.Write("sys/kernel/kexec_crash_size", "0\n");
        Assert.Contains("found no free place", Assert.Single(ReservationStatus.Read(tree.Root).Advice), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sys/kernel/kexec/crash_size")]
    [InlineData("sys/kernel/kexec_crash_size")]
    public void Gives_memory_back_by_writing_the_new_size(string file)
    {
        using var tree = new MachineTree();
        tree.Write(file, "134217728\n");
        Assert.Equal(ByteCount.FromMiB(100), ReservationShrink.To(ByteCount.FromMiB(100), tree.Root));
        Assert.StartsWith("104857600", File.ReadAllText(Path.Join(tree.Root, file)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 64, "A crash image is loaded into the reservation")]
    [InlineData(0, 256, "A reservation can only become smaller")]
    public void Refuses_to_shrink_under_an_image_or_to_grow(int loaded, ulong size, string message)
    {
        using var tree = new MachineTree();
        tree.Write("sys/kernel/kexec_crash_size", "134217728\n");
        tree.Write("sys/kernel/kexec_crash_loaded", $"{loaded}\n");
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(
            () => ReservationShrink.To(ByteCount.FromMiB(size), tree.Root));
        Assert.Equal(message, refusal.Diagnostics[0].What);
        Assert.NotNull(refusal.Diagnostics[0].Remedy);
    }
}
