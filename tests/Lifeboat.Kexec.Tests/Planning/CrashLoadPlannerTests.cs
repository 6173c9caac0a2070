using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Images;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Tests.Support;
using static Lifeboat.Kexec.Tests.Support.TestPlans;

namespace Lifeboat.Kexec.Tests.Planning;

public sealed class CrashLoadPlannerTests
{
    [Fact]
    public void The_kernel_lies_at_the_bottom_and_everything_else_at_the_top()
    {
        LoadPlan plan = Plan();
        Assert.Equal(
            ["kernel [0x77000000, 0x77200000)", "ramdisk [0x7eff3000, 0x7eff5000)",
                "purgatory [0x7eff5000, 0x7effd000)", "boot parameters [0x7effd000, 0x7efff000)",
                "ELF core header [0x7efff000, 0x7f000000)"],
            plan.Segments.Select(segment => $"{segment.Name} {segment.Range}"));
        Assert.Equal(new PhysicalAddress(0x7eff5000), plan.EntryPoint);
        Assert.Equal(KexecLoadFlags.OnCrash | KexecLoadFlags.ArchX8664, plan.Flags);
        Assert.Equal("console=ttyS0 nokaslr elfcorehdr=0x7efff000", plan.CommandLine);
        Assert.Empty(plan.Notices);
        Assert.All(plan.Rules, outcome => Assert.Null(outcome.Violation));
        Assert.All(plan.Rules, outcome => Assert.True(outcome.Checked || outcome.Rule.IsAboutTheMachine, outcome.Rule.Name));
    }

    [Fact]
    public void The_capture_kernel_s_memory_is_low_memory_and_the_reservation_without_the_ELF_core_header()
    {
        Assert.Equal(
            [
                "[0x0, 0x1000) Reserved", "[0x1000, 0x9fc00) Ram", "[0x9fc00, 0xa0000) Reserved",
                "[0xf0000, 0x100000) Reserved", "[0x77000000, 0x7efff000) Ram", "[0x7ffda000, 0x7fffb000) Reserved",
                "[0x7fffb000, 0x7ffff000) Acpi", "[0x7ffff000, 0x80000000) Nvs", "[0xfec00000, 0xfec00400) Reserved",
            ],
            Plan().MemoryMap.Select(entry => $"{entry.Range} {entry.Type}"));
    }

    [Fact]
    public void The_boot_parameters_point_at_what_was_placed()
    {
        LoadPlan plan = Plan();
        LoadSegment boot = plan.Segments.Single(segment => segment.Name == "boot parameters");
        ReadOnlySpan<byte> page = boot.Content.Span;
        Assert.Equal(0x7eff3000u, BinaryPrimitives.ReadUInt32LittleEndian(page[0x218..]));
        Assert.Equal(5000u, BinaryPrimitives.ReadUInt32LittleEndian(page[0x21c..]));
        Assert.Equal(boot.Range.Start.Value + 4096, BinaryPrimitives.ReadUInt32LittleEndian(page[0x228..]));
        Assert.Equal(plan.CommandLine + "\0", Encoding.ASCII.GetString(page[4096..]));
        Assert.Equal(plan.MemoryMap.Count, page[0x1e8]);
    }

    [Fact]
    public void Without_a_ramdisk_there_is_no_segment_for_one()
    {
        LoadPlan plan = CrashLoadPlanner.Plan(Request() with { Ramdisk = default });
        Assert.DoesNotContain(plan.Segments, segment => segment.Name == "ramdisk");
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(plan.Segments[2].Content.Span[0x218..]));
    }

    [Fact]
    public void With_two_reservations_the_upper_is_loaded_into_and_both_are_the_capture_kernel_s_memory()
    {
        using var tree = new MachineTree();
        tree.Write("proc/iomem", MachineTree.Iomem
            + "\n100000000-27fffffff : System RAM\n  270000000-277ffffff : Crash kernel\n");
        tree.Write("proc/meminfo", "MemTotal: 8000000 kB\n");
        LoadPlan plan = CrashLoadPlanner.Plan(Request() with { Machine = MachineDescription.ReadLive(tree.Root) });
        Assert.Equal(Range(0x2_7000_0000, 0x2_7800_0000), plan.Reservation);
        Assert.Contains(new E820Entry(Range(0x77000000, 0x7f000000), E820Type.Ram), plan.MemoryMap);
        Assert.Contains(new E820Entry(Range(0x2_7000_0000, 0x2_77ff_f000), E820Type.Ram), plan.MemoryMap);
        Assert.DoesNotContain(plan.DumpedRam, range => range.Overlaps(Range(0x77000000, 0x7f000000)));
    }

    [Fact]
    public void Without_a_reservation_it_says_what_to_boot_with()
    {
        using var tree = new MachineTree();
        tree.Write("proc/iomem", MachineTree.Iomem.Replace("Crash kernel", "Reserved", StringComparison.Ordinal));
        DiagnosticException refusal = Refused(Request() with { Machine = MachineDescription.ReadLive(tree.Root) });
        Assert.Equal(KexecDiagnostics.NoReservation, refusal.Diagnostics[0].Id);
        Assert.Contains("crashkernel=", refusal.Diagnostics[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_small_a_reservation_is_told_with_every_size_and_what_to_boot_with()
    {
        CrashLoadRequest request = Request(BzImageWriter.GoodHeader with { InitSize = 63 << 20 });
        Diagnostic told = Refused(request with
        {
            Machine = request.Machine.WithReservation(0x70000000, 0x74000000),
            Ramdisk = Bytes(5 << 20),
        }).Diagnostics[0];
        Assert.Equal(KexecDiagnostics.ReservationTooSmall, told.Id);
        Assert.Equal("64 MiB reserved", told.Found);
        Assert.Contains("kernel 63 MiB", told.Expected, StringComparison.Ordinal);
        Assert.Contains("ramdisk 5 MiB", told.Expected, StringComparison.Ordinal);
        Assert.Equal("Boot with crashkernel=96M, which leaves room for the capture itself too", told.Remedy);
    }

    [Fact]
    public void The_command_line_may_be_as_long_as_the_image_takes_and_no_longer()
    {
        CrashLoadRequest request = Request();
        int room = 2047 - " elfcorehdr=0x7efff000".Length;
        LoadPlan plan = CrashLoadPlanner.Plan(request with { CommandLine = new string('x', room) });
        Assert.Equal(2047, plan.CommandLine.Length);
        Diagnostic told = Refused(request with { CommandLine = new string('x', room + 1) }).Diagnostics[0];
        Assert.Equal(KexecDiagnostics.CommandLineUnusable, told.Id);
        Assert.Equal("at most 2047", told.Expected);
        Assert.Equal(
            KexecDiagnostics.CommandLineUnusable, Refused(request with { CommandLine = "a\nb" }).Diagnostics[0].Id);
    }

    [Fact]
    public void An_image_that_cannot_run_there_is_refused()
    {
        SetupHeader low = BzImageWriter.GoodHeader with { ExtendedLoadFlags = SetupExtendedLoadFlags.Kernel64 };
        CrashLoadRequest request = Request(low);
        Assert.NotNull(CrashLoadPlanner.Plan(request));
        Assert.Equal(KexecDiagnostics.ImageDoesNotFitMachine, Refused(request with
        {
            Machine = request.Machine.WithReservation(0x1_0000_0000, 0x1_0800_0000),
        }).Diagnostics[0].Id);
        Assert.Equal(KexecDiagnostics.ImageDoesNotFitMachine, Refused(request with
        {
            Machine = request.Machine with { FiveLevelPaging = true },
        }).Diagnostics[0].Id);
    }

    [Fact]
    public void A_machine_without_crash_notes_is_refused_and_one_without_VMCOREINFO_noticed()
    {
        CrashLoadRequest request = Request();
        Assert.Equal(KexecDiagnostics.MachineFileMissing,
            Refused(request with { Machine = request.Machine with { CpuNotes = [] } }).Diagnostics[0].Id);
        Assert.Contains(
            CrashLoadPlanner.Plan(request with { Machine = request.Machine with { Vmcoreinfo = default } }).Notices,
            notice => notice.Where == "/sys/kernel/vmcoreinfo");
    }

    [Fact]
    public void A_machine_with_more_reserved_ranges_than_boot_params_takes_loses_none()
    {
        string many = string.Concat(Enumerable.Range(0, 200).Select(i =>
            $"\n{0x3_0000_0000 + ((ulong)i << 20):x}-{0x3_0000_0000 + ((ulong)i << 20) + (ulong)i:x} : Reserved"));
        LoadPlan plan = CrashLoadPlanner.Plan(Request() with
        {
            Machine = MachineTree.Machine() with { Iomem = IomemMap.Parse(MachineTree.Iomem + many) },
        });
        Assert.Equal(209, plan.MemoryMap.Count);
        Assert.Equal(2, plan.MemoryMap.Count(entry => entry.Type == E820Type.Ram));
        Assert.Empty(plan.Notices);
        LoadSegment boot = plan.Segments.Single(segment => segment.Name == "boot parameters");
        Assert.InRange(
            BinaryPrimitives.ReadUInt64LittleEndian(boot.Content.Span[0x250..]), boot.Range.Start.Value, boot.Range.End.Value);
    }

    [Fact]
    public void Whatever_the_sizes_a_plan_keeps_the_kernel_s_rules_and_room_for_its_control_pages_or_is_refused()
    {
        Arbitrary<(int, int, int)> sizes = Gen.Choose(1, 3000)
            .SelectMany(_ => Gen.Choose(1, 70), (ramdisk, kernel) => (ramdisk, kernel))
            .SelectMany(_ => Gen.Choose(1, 24), (pair, reservation) => (pair.ramdisk, pair.kernel, reservation))
            .ToArbitrary();
        Prop.ForAll(sizes, size =>
        {
            (int ramdisk, int kernel, int reservation) = size;
            CrashLoadRequest request = Request(BzImageWriter.GoodHeader with { InitSize = (uint)kernel << 20 });
            request = request with
            {
                Ramdisk = new byte[ramdisk * 1000],
                Machine = request.Machine.WithReservation(0x70000000, 0x70000000 + ((ulong)reservation * 4 << 20)),
            };
            try
            {
                LoadPlan plan = CrashLoadPlanner.Plan(request);
                Assert.All(plan.Rules, outcome => Assert.Null(outcome.Violation));
                Assert.True(plan.Segments[1].Range.Start >= plan.Segments[0].Range.End + ByteCount.FromKiB(128));
                Assert.Equal(plan.Segments.OrderBy(segment => segment.Range.Start), plan.Segments);
            }
            catch (DiagnosticException refusal) when (refusal.Diagnostics[0].Id == KexecDiagnostics.ReservationTooSmall)
            {
                Assert.True((kernel << 20) + (ramdisk * 1000) + (1 << 20) > reservation * 4 << 20);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Debian_s_generic_kernels_fit_96_MiB()
    {
        foreach (string path in TestKernels.Images())
        {
            CrashLoadRequest request = Request();
            LoadPlan plan = CrashLoadPlanner.Plan(request with
            {
                Kernel = KernelFile.Open(File.ReadAllBytes(path), path),
                Ramdisk = new byte[5 << 20],
                CommandLine = CaptureCommandLine.FromRunning(request.Machine.CommandLine),
                Machine = request.Machine.WithReservation(0x79000000, 0x7f000000),
            });
            Assert.True(plan.Free >= ByteCount.FromMiB(24), $"{path}: {plan.Free} free");
        }
    }

    [Fact]
    public void A_packed_kernel_is_called_by_its_file_and_taken_out_once()
    {
        var packed = KernelFile.Open(Packed.Gzip(BzImageWriter.Write()), "vmlinuz-packed");
        LoadPlan plan = CrashLoadPlanner.Plan(Request() with { Kernel = packed });
        Assert.Equal("vmlinuz-packed", plan.KernelName);
        Assert.NotEqual("vmlinuz-packed", packed.Image.Name);
    }

    private static DiagnosticException Refused(CrashLoadRequest request) =>
        Assert.Throws<DiagnosticException>(() => CrashLoadPlanner.Plan(request));
}
