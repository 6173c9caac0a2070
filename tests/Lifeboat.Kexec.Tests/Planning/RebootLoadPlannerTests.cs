using System.Buffers.Binary;
using System.Globalization;
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

public sealed class RebootLoadPlannerTests
{
    [Fact]
    public void The_kernel_lies_as_low_as_it_goes_and_everything_else_at_the_top_of_what_32_bits_reach()
    {
        LoadPlan plan = RebootLoadPlanner.Plan(RebootRequest());
        Assert.Equal(
            ["kernel [0x1000000, 0x1200000)", "ramdisk [0x7ffce000, 0x7ffd0000)", "purgatory [0x7ffd0000, 0x7ffd8000)",
                "boot parameters [0x7ffd8000, 0x7ffda000)"],
            plan.Segments.Select(segment => $"{segment.Name} {segment.Range}"));
        Assert.Equal(LoadPurpose.Reboot, plan.Purpose);
        Assert.Equal(KexecLoadFlags.ArchX8664, plan.Flags);
        Assert.Equal("console=ttyS0", plan.CommandLine);
        Assert.True(plan.Reservation.IsEmpty);
        Assert.Empty(plan.DumpedRam);
        Assert.All(plan.Rules, outcome => Assert.Null(outcome.Violation));
    }

    [Fact]
    public void The_next_kernel_gets_the_machine_s_whole_memory_the_reservation_too()
    {
        LoadPlan plan = RebootLoadPlanner.Plan(RebootRequest());
        Assert.Contains(new E820Entry(Range(0x100000, 0x7ffda000), E820Type.Ram), plan.MemoryMap);
        Assert.Contains(new E820Entry(Range(0x1000, 0x9fc00), E820Type.Ram), plan.MemoryMap);
        Assert.Contains(new E820Entry(Range(0x7fffb000, 0x7ffff000), E820Type.Acpi), plan.MemoryMap);
    }

    [Fact]
    public void The_firmware_s_map_comes_before_what_the_running_kernel_was_left()
    {
        using var tree = new MachineTree();
        tree.Write("sys/firmware/memmap/0/start", "0x0\n");
        tree.Write("sys/firmware/memmap/0/end", "0x9fbff\n");
        tree.Write("sys/firmware/memmap/0/type", "System RAM\n");
        tree.Write("sys/firmware/memmap/10/start", "0x80000000\n");
        tree.Write("sys/firmware/memmap/10/end", "0x8fffffff\n");
        tree.Write("sys/firmware/memmap/10/type", "Reserved\n");
        tree.Write("sys/firmware/memmap/2/start", "0x100000\n");
        tree.Write("sys/firmware/memmap/2/end", "0x7fffffff\n");
        tree.Write("sys/firmware/memmap/2/type", "System RAM\n");
        MachineDescription machine = MachineDescription.ReadLive(tree.Root);
        LoadPlan plan = RebootLoadPlanner.Plan(RebootRequest() with { Machine = machine });
        Assert.Equal(["[0x0, 0x9fc00) Ram", "[0x100000, 0x80000000) Ram", "[0x80000000, 0x90000000) Reserved"],
            plan.MemoryMap.Select(entry => $"{entry.Range} {entry.Type}"));

        // The kernel keeps RAM above 0x7ffda000 back: the next kernel is told of it, but nothing is put there.
        Assert.Equal(new PhysicalAddress(0x7ffda000), plan.Segments[^1].Range.End);
        tree.Write("sys/firmware/memmap/2/end", "0x\n");
        Assert.Empty(MachineDescription.ReadLive(tree.Root).FirmwareMemory);
    }

    [Fact]
    public void More_ranges_than_boot_params_take_go_into_setup_data()
    {
        string many = string.Concat(Enumerable.Range(0, 200).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"\n{0x3_0000_0000 + ((ulong)i << 20):x}-{0x3_0000_0000 + ((ulong)i << 20) + 0xfff:x} : Reserved")));
        LoadPlan plan = RebootLoadPlanner.Plan(RebootRequest() with
        {
            Machine = MachineTree.Machine() with { Iomem = IomemMap.Parse(MachineTree.Iomem + many) },
        });
        LoadSegment boot = plan.Segments.Single(segment => segment.Name == "boot parameters");
        ReadOnlySpan<byte> bytes = boot.Content.Span;
        Assert.Equal(128, bytes[0x1e8]);
        int item = (int)(BinaryPrimitives.ReadUInt64LittleEndian(bytes[0x250..]) - boot.Range.Start.Value);
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(bytes[item..]));
        Assert.Equal(1u, BinaryPrimitives.ReadUInt32LittleEndian(bytes[(item + 8)..]));
        int count = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[(item + 12)..]) / 20;
        Assert.Equal(plan.MemoryMap.Count, 128 + count);
        Assert.Equal(plan.MemoryMap[^1].Range.Start.Value,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[(item + 16 + ((count - 1) * 20))..]));
    }

    [Fact]
    public void Seed_and_device_tree_are_a_list_that_the_header_begins()
    {
        LoadPlan plan = RebootLoadPlanner.Plan(RebootRequest() with
        {
            HandOver = new HandOverOptions { RandomSeed = Bytes(32), DeviceTree = Bytes(77) },
        });
        LoadSegment boot = plan.Segments.Single(segment => segment.Name == "boot parameters");
        var found = new List<(uint Type, byte[] Content)>();
        ulong next = BinaryPrimitives.ReadUInt64LittleEndian(boot.Content.Span[0x250..]);
        while (next != 0)
        {
            ReadOnlySpan<byte> item = boot.Content.Span[(int)(next - boot.Range.Start.Value)..];
            next = BinaryPrimitives.ReadUInt64LittleEndian(item);
            found.Add((BinaryPrimitives.ReadUInt32LittleEndian(item[8..]),
                item.Slice(16, (int)BinaryPrimitives.ReadUInt32LittleEndian(item[12..])).ToArray()));
        }

        Assert.Equal([2u, 9u], found.Select(item => item.Type));
        Assert.Equal(Bytes(77), found[0].Content);
        Assert.Equal(Bytes(32), found[1].Content);
    }

    [Fact]
    public void Bounds_are_kept_and_a_machine_without_room_in_them_is_told_the_largest_piece()
    {
        LoadPlan plan = RebootLoadPlanner.Plan(RebootRequest() with
        {
            MemoryMinimum = new PhysicalAddress(0x20000000),
            MemoryEnd = new PhysicalAddress(0x21000000),
        });
        Assert.All(plan.Segments, segment => Assert.True(Range(0x20000000, 0x21000000).Contains(segment.Range)));
        Diagnostic told = Assert.Throws<DiagnosticException>(() => RebootLoadPlanner.Plan(RebootRequest() with
        {
            MemoryMinimum = new PhysicalAddress(0x20000000),
            MemoryEnd = new PhysicalAddress(0x20100000),
        })).Diagnostics[0];
        Assert.Equal(KexecDiagnostics.NoRoom, told.Id);
        Assert.Contains("1 MiB", told.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_does_not_reach_above_4_GiB_has_nothing_there()
    {
        SetupHeader low = BzImageWriter.GoodHeader with { ExtendedLoadFlags = SetupExtendedLoadFlags.Kernel64 };
        RebootLoadRequest request = RebootRequest(low) with { Machine = MachineAbove4GiB() };
        Assert.Equal(KexecDiagnostics.NoRoom,
            Assert.Throws<DiagnosticException>(() => RebootLoadPlanner.Plan(request)).Diagnostics[0].Id);
        LoadPlan plan = RebootLoadPlanner.Plan(request with { Kernel = Kernel() });
        Assert.All(plan.Segments, segment => Assert.True(segment.Range.Start.Value >= 1UL << 32));
    }

    [Fact]
    public void A_kernel_that_returns_has_a_segment_for_all_of_its_memory()
    {
        RebootLoadRequest request = RebootRequest() with { PreserveContext = true };
        Assert.Equal(KexecDiagnostics.NoRoom,
            Assert.Throws<DiagnosticException>(() => RebootLoadPlanner.Plan(request)).Diagnostics[0].Id);
        LoadPlan plan = RebootLoadPlanner.Plan(request with { MemoryEnd = new PhysicalAddress(0x10000000) });
        Assert.Equal(KexecLoadFlags.ArchX8664 | KexecLoadFlags.PreserveContext, plan.Flags);
        Assert.Equal([Range(0x1000, 0x9f000), Range(0x100000, 0x10000000)],
            Merged(plan.Segments.Select(segment => segment.Range)));
        Assert.DoesNotContain(plan.MemoryMap, entry =>
            entry.Type == E820Type.Ram && entry.Range.End.Value > 0x10000000);
        Assert.EndsWith(" kexec_jump_back_entry=0x0000000000000000", plan.CommandLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_the_memory_the_segments_lie_in_RAM_and_apart()
    {
        Arbitrary<int[]> holes = Gen.Choose(0, 500).ArrayOf().ToArbitrary();
        Prop.ForAll(holes, places =>
        {
            string reserved = string.Concat(places.Select(place => string.Create(
                CultureInfo.InvariantCulture, $"\n{0x1000000 + (place * 0x400000):x}-{0x1000000 + (place * 0x400000) + 0x12345:x} : Reserved")));
            MachineDescription machine = MachineTree.Machine() with { Iomem = IomemMap.Parse(MachineTree.Iomem + reserved) };
            LoadPlan plan = RebootLoadPlanner.Plan(RebootRequest() with { Machine = machine });
            Assert.All(plan.Rules, outcome => Assert.Null(outcome.Violation));
            foreach (LoadSegment segment in plan.Segments)
            {
                Assert.Contains(machine.Ram, range => range.Contains(segment.Range));
                Assert.DoesNotContain(machine.Iomem.Named("Reserved"), range => range.Overlaps(segment.Range));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Several_ramdisks_begin_at_multiples_of_four()
    {
        ReadOnlyMemory<byte> joined = Ramdisks.Join([Encoding.ASCII.GetBytes("abcde"), Encoding.ASCII.GetBytes("fg")]);
        Assert.Equal("abcde\0\0\0fg\0\0", Encoding.ASCII.GetString(joined.Span));
    }

    private static MachineDescription MachineAbove4GiB() => MachineTree.Machine() with
    {
        Iomem = IomemMap.Parse("00001000-0009fbff : System RAM\n00100000-001fffff : System RAM\n100000000-17fffffff : System RAM"),
    };

    private static List<PhysicalRange> Merged(IEnumerable<PhysicalRange> ranges)
    {
        var merged = new List<PhysicalRange>();
        foreach (PhysicalRange range in ranges)
        {
            if (merged.Count > 0 && merged[^1].End == range.Start)
            {
                merged[^1] = new PhysicalRange(merged[^1].Start, range.End);
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}
