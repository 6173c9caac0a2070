using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Tests.Support;
using static Lifeboat.Kexec.Tests.Support.TestPlans;

namespace Lifeboat.Kexec.Tests.Machine;

public sealed class MachineDescriptionTests
{
    [Fact]
    public void Reads_a_machine()
    {
        MachineDescription machine = MachineTree.Machine();
        Assert.Equal("6.1.0-56-amd64", machine.Release);
        Assert.StartsWith("BOOT_IMAGE=", machine.CommandLine, StringComparison.Ordinal);
        Assert.Equal(Range(0x77000000, 0x7f000000), machine.Reservation);
        Assert.Equal([new(0, Range(0x7fc15000, 0x7fc15170)), new(1, Range(0x7fc15200, 0x7fc15370))], machine.CpuNotes);
        Assert.Equal(Range(0x7fb0a000, 0x7fb0b024), machine.Vmcoreinfo);
        Assert.Equal([Range(0x1000, 0x9fc00), Range(0x100000, 0x7ffda000)], machine.Ram);
        Assert.Equal(ByteCount.FromKiB(1875000), machine.TotalRam);
        Assert.False(machine.FiveLevelPaging);
        Assert.Null(machine.AcpiRsdp);
        Assert.Equal(new VirtualAddress(MachineTree.DirectMap), machine.Layout.DirectMap);
        Assert.Equal(Range(0x16000000, 0x19000000), machine.Layout.KernelText);
        Assert.Equal(new VirtualAddress(MachineTree.KernelText), machine.Layout.KernelTextStart);
    }

    [Fact]
    public void A_CPU_without_notes_is_left_out_and_CPU_10_comes_after_CPU_9()
    {
        using var tree = new MachineTree();
        foreach (int cpu in (int[])[10, 9])
        {
            tree.Write($"sys/devices/system/cpu/cpu{cpu}/crash_notes", $"{cpu:x}000\n");
            tree.Write($"sys/devices/system/cpu/cpu{cpu}/crash_notes_size", "368\n");
        }

        tree.Write("sys/devices/system/cpu/cpu2/online", "0\n");
        tree.Delete("sys/devices/system/cpu/cpu1/crash_notes");
        Assert.Equal([0, 9, 10], MachineDescription.ReadLive(tree.Root).CpuNotes.Select(notes => notes.Cpu));
    }

    [Fact]
    public void The_ACPI_root_comes_from_the_firmware_s_table_newest_first()
    {
        using var tree = new MachineTree();
        tree.Write("sys/firmware/efi/systab", "SMBIOS=0x1000\nACPI=0x7fbfa000\nACPI20=0x7fbfa014\n");
        Assert.Equal(new PhysicalAddress(0x7fbfa014), MachineDescription.ReadLive(tree.Root).AcpiRsdp);
    }

    [Fact]
    public void Or_from_what_the_boot_loader_gave_the_running_kernel_which_has_the_screen_too()
    {
        using var tree = new MachineTree();
        byte[] bootParams = Bytes(4096);
        BinaryPrimitives.WriteUInt64LittleEndian(bootParams.AsSpan(0x70), 0x7fbfa014);
        tree.Write("sys/kernel/boot_params/data", bootParams);
        MachineDescription machine = MachineDescription.ReadLive(tree.Root);
        Assert.Equal(new PhysicalAddress(0x7fbfa014), machine.AcpiRsdp);
        Assert.Equal(bootParams[..64], machine.ScreenInfo.ToArray());
    }

    [Fact]
    public void The_reservation_loaded_into_is_the_upper_one()
    {
        using var tree = new MachineTree();
        tree.Write("proc/iomem", MachineTree.Iomem
            + "\n100000000-27fffffff : System RAM\n  270000000-277ffffff : Crash kernel\n");
        MachineDescription machine = MachineDescription.ReadLive(tree.Root);
        Assert.Equal(Range(0x2_7000_0000, 0x2_7800_0000), machine.Reservation);
        Assert.Equal(2, machine.Reservations.Count);
    }

    [Fact]
    public void Without_kcore_or_with_a_strange_one_the_layout_is_unknown()
    {
        using var tree = new MachineTree();
        tree.Write("proc/kcore", Bytes(4096));
        Assert.Equal(VirtualLayout.Unknown, MachineDescription.ReadLive(tree.Root).Layout);
        tree.Delete("proc/kcore");
        Assert.Equal(VirtualLayout.Unknown, MachineDescription.ReadLive(tree.Root).Layout);
    }

    [Fact]
    public void Five_level_paging_is_a_flag_of_the_CPU()
    {
        using var tree = new MachineTree();
        tree.Write("proc/cpuinfo", "flags\t\t: fpu la57 lm\n");
        Assert.True(MachineDescription.ReadLive(tree.Root).FiveLevelPaging);
    }

    [Theory]
    [InlineData("processor\t: 0\napicid\t\t: 5\ninitial apicid\t: 4\n\nprocessor\t: 1\ninitial apicid\t: 6\n", 4U)]
    [InlineData("processor\t: 0\nBogoMIPS\t: 48.00\n", null)]
    [InlineData("initial apicid\t: -1\n", null)]
    public void The_first_CPU_is_the_one_that_the_machine_booted_on(string cpus, uint? apic)
    {
        using var tree = new MachineTree();
        tree.Write("proc/cpuinfo", cpus);
        Assert.Equal(apic, MachineDescription.ReadLive(tree.Root).BootCpu);
    }

    [Fact]
    public void Says_which_file_is_missing()
    {
        using var tree = new MachineTree();
        tree.Delete("proc/iomem");
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => MachineDescription.ReadLive(tree.Root));
        Assert.Equal("/proc/iomem", refusal.Diagnostics[0].Where);
    }

    [Theory]
    [InlineData("sys/kernel/vmcoreinfo", "0x0 400")]
    [InlineData("sys/kernel/vmcoreinfo", "rubbish")]
    [InlineData("sys/kernel/vmcoreinfo", "0x1000 ffffffff")]
    [InlineData("sys/devices/system/cpu/cpu1/crash_notes", "0\n")]
    [InlineData("sys/devices/system/cpu/cpu1/crash_notes", "ffffffffffffffff\n")]
    [InlineData("sys/devices/system/cpu/cpu1/crash_notes_size", "-1\n")]
    public void Says_which_file_does_not_read(string file, string text)
    {
        using var tree = new MachineTree();
        tree.Write(file, text);
        DiagnosticException refusal = Assert.Throws<DiagnosticException>(() => MachineDescription.ReadLive(tree.Root));
        Assert.Equal(KexecDiagnostics.MachineFileMalformed, refusal.Diagnostics[0].Id);
    }
}
