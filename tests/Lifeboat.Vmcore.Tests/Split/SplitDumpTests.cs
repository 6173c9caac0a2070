using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Split;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Split;

public sealed class SplitDumpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, DumpLevel.All, 1)]
    [InlineData(3, DumpLevel.None, 2)]
    [InlineData(7, DumpLevel.Zero, 1)]
    [InlineData(1, DumpLevel.All, 1)]
    public void Parts_in_any_order_are_the_dump(int count, DumpLevel level, int threads)
    {
        var options = new DumpWriteOptions { Level = level, Threads = threads };
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        DumpWriteResult whole = KdumpFileWriter.Write(source, _folder.File("whole"), options);
        string[] paths = Paths(count);
        DumpWriteResult result = KdumpFileWriter.WriteSplit(source, paths, options);
        Assert.Equal(whole.Pages, result.Pages);
        Assert.Equal((ulong)paths.Sum(static path => new FileInfo(path).Length), result.FileSize.Value);

        new Random(count).Shuffle(paths);
        using var split = DumpSource.Open(paths);
        using var direct = DumpSource.Open(_folder.File("whole"));
        Assert.False(split.IsIncomplete);
        Assert.Empty(split.Diagnostics);
        Assert.Equal(direct.RamRanges, split.RamRanges);
        Assert.Equal("6.1.0-fake", split.Vmcoreinfo.OsRelease);
        Assert.Equal(direct.HeaderUtsName, split.HeaderUtsName);
        Assert.Equal(whole.Pages.Kept + whole.Pages.Zero, DumpComparison.SamePages(direct, split));

        // A read over the borders of parts.
        (byte[] a, byte[] b) = (new byte[0x30_0000], new byte[0x30_0000]);
        Assert.Equal(
            direct.Read(new PhysicalAddress(0x80_0000), a, out MemoryFault expected),
            split.Read(new PhysicalAddress(0x80_0000), b, out MemoryFault found));
        Assert.Equal(expected, found);
        Assert.True(a.AsSpan().SequenceEqual(b));
    }

    [Fact]
    public void Parts_have_as_many_pages_each()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        string[] paths = Paths(4);
        var options = new DumpWriteOptions { Level = DumpLevel.None, Compression = DumpCompression.None };
        KdumpFileWriter.WriteSplit(source, paths, options);
        long[] lengths = [.. paths.Select(static path => new FileInfo(path).Length)];
        Assert.InRange(lengths.Max() - lengths.Min(), 0, 70 * 4096);
    }

    [Fact]
    public void Pages_of_a_missing_part_are_truncated()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        string[] paths = Paths(3);
        KdumpFileWriter.WriteSplit(source, paths, new DumpWriteOptions());
        KdumpFileWriter.Write(source, _folder.File("whole"), new DumpWriteOptions());
        using var whole = DumpSource.Open(_folder.File("whole"));
        using var split = DumpSource.Open([paths[2], paths[0]]);
        using var one = DumpSource.Open(paths[1]);
        Assert.True(split.IsIncomplete);
        Assert.Equal(VmcoreDiagnosticIds.PartMissing, Assert.Single(split.Diagnostics).Id);
        Assert.Equal(2, one.Diagnostics.Count);
        int truncated = 0;
        byte[] page = new byte[4096];
        for (ulong pfn = 0; pfn < whole.EndPfn.Value; pfn++)
        {
            PageState expected = whole.GetPageState(new Pfn(pfn));
            PageState found = split.GetPageState(new Pfn(pfn));
            if (found != expected)
            {
                Assert.Equal(PageState.Truncated, found);
                Assert.Equal(0, split.Read(new Pfn(pfn).Address, page, out MemoryFault fault));
                Assert.Equal(MemoryFaultReason.Truncated, fault.Reason);
                Assert.Equal(expected, one.GetPageState(new Pfn(pfn)));
                truncated++;
            }
        }

        Assert.InRange(truncated, 1000, 6000);
    }

    [Fact]
    public void Parts_joined_are_the_file_that_was_not_split()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        string[] paths = Paths(5);
        KdumpFileWriter.WriteSplit(source, paths, new DumpWriteOptions());
        KdumpFileWriter.Write(source, _folder.File("whole"), new DumpWriteOptions());
        Array.Reverse(paths);
        SplitJoinResult result = SplitDump.Join(paths, _folder.File("joined"));
        Assert.False(result.IsIncomplete);
        Assert.Empty(result.Notices);
        Assert.Equal((ulong)new FileInfo(_folder.File("joined")).Length, result.FileSize.Value);
        Assert.Equal(File.ReadAllBytes(_folder.File("whole")), File.ReadAllBytes(_folder.File("joined")));
    }

    [Fact]
    public void Parts_joined_without_one_are_an_incomplete_dump()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        string[] paths = Paths(3);
        KdumpFileWriter.WriteSplit(source, paths, new DumpWriteOptions());
        SplitJoinResult result = SplitDump.Join([paths[0], paths[2]], _folder.File("joined"));
        Assert.True(result.IsIncomplete);
        using var split = DumpSource.Open([paths[0], paths[2]]);
        using var joined = DumpSource.Open(_folder.File("joined"));
        Assert.True(joined.IsIncomplete);
        DumpComparison.SamePages(split, joined);
    }

    [Fact]
    public void Files_that_are_not_parts_of_one_dump_are_refused()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        using var other = DumpSource.Open(_folder.Write("small", SampleDumps.SmallElf()));
        string[] paths = Paths(2);
        KdumpFileWriter.WriteSplit(source, paths, new DumpWriteOptions());
        KdumpFileWriter.Write(source, _folder.File("whole"), new DumpWriteOptions());
        KdumpFileWriter.WriteSplit(other, [_folder.File("s0"), _folder.File("s1")], new DumpWriteOptions());
        foreach (string[] wrong in (string[][])[
            [paths[0], paths[0]], [paths[0], _folder.File("whole")], [paths[0], _folder.File("s1")],
            [paths[0], _folder.File("in")]])
        {
            DumpFormatException e = Assert.Throws<DumpFormatException>(() => DumpSource.Open(wrong));
            Assert.Equal(VmcoreDiagnosticIds.PartsDiffer, e.Diagnostics[0].Id);
        }

        Assert.Throws<DumpFormatException>(() => SplitDump.Join([_folder.File("whole")], _folder.File("out")));
        Assert.Throws<ArgumentOutOfRangeException>(() => DumpSource.Open(Array.Empty<string>()));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => KdumpFileWriter.WriteSplit(source, Paths(65), new DumpWriteOptions()));
    }

    [Fact]
    public void A_part_without_pages_is_a_part()
    {
        using var source = DumpSource.Open(_folder.Write("in", SampleDumps.SmallElf()));
        string[] paths = Paths(3);
        KdumpFileWriter.WriteSplit(source, paths, new DumpWriteOptions { Level = DumpLevel.None });
        using var split = DumpSource.Open([paths[2], paths[1], paths[0]]);
        Assert.Equal(8UL, DumpComparison.SamePages(source, split));
        Assert.False(split.IsIncomplete);
    }

    [Fact]
    public void A_thousand_damaged_parts_are_joined_or_end_in_a_diagnostic()
    {
        using var source = DumpSource.Open(_folder.Write("in", SampleDumps.SmallElf(200)));
        string[] paths = Paths(2);
        KdumpFileWriter.WriteSplit(source, paths, new DumpWriteOptions { Level = DumpLevel.None });
        byte[][] originals = [.. paths.Select(File.ReadAllBytes)];
        int joined = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            byte[] bad = Mutations.Mutate(originals[seed % 2], seed, 480);
            var random = new Random(seed);
            if (bad.Length > 4300)
            {
                // The range of the part, and the rest of the sub-header.
                bad[4096 + random.Next(104)] = (byte)(random.Next(2) == 0 ? 0xff : random.Next(256));
            }

            File.WriteAllBytes(paths[seed % 2], bad);
            File.WriteAllBytes(paths[1 - (seed % 2)], originals[1 - (seed % 2)]);
            try
            {
                SplitDump.Join(paths, _folder.File("joined"));
                joined++;
                byte[] file = File.ReadAllBytes(_folder.File("joined"));
                Assert.True(DumpProbe.Survives(() => DumpProbe.Open(file)));
            }
            catch (DumpFormatException e)
            {
                Assert.All(e.Diagnostics, static wrong => Assert.True(wrong is { Where: not null, Found: not null, Expected: not null }));
            }
        }

        Assert.InRange(joined, 50, 990);
    }

    [Fact]
    public void Makedumpfile_reassembles_what_is_split_here_and_its_parts_are_read()
    {
        Tools.Require(Tools.Makedumpfile);
        IReadOnlyList<string> elfs = TestDumps.Find(".elf");
        Assert.SkipWhen(elfs.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        using var source = DumpSource.Open(elfs[0]);
        string[] ours = Paths(3);
        var options = new DumpWriteOptions { Compression = DumpCompression.Lzo };
        KdumpFileWriter.WriteSplit(source, ours, options);
        KdumpFileWriter.Write(source, _folder.File("whole"), options);
        _ = Tools.Run(Tools.Makedumpfile, ["-f", "--reassemble", .. ours, _folder.File("reassembled")]);
        using var whole = DumpSource.Open(_folder.File("whole"));
        using var reassembled = DumpSource.Open(_folder.File("reassembled"));

        // makedumpfile does not put the page of zeros where it can be told from others when it reassembles.
        Assert.InRange(DumpComparison.SamePages(whole, reassembled, sameStates: false), 1000UL, ulong.MaxValue);

        string[] theirs = [_folder.File("t0"), _folder.File("t1"), _folder.File("t2")];
        _ = Tools.Run(Tools.Makedumpfile, ["-f", "-l", "-d", "31", "--split", elfs[0], .. theirs]);
        _ = Tools.Run(Tools.Makedumpfile, ["-f", "--reassemble", .. theirs, _folder.File("their-whole")]);
        using var split = DumpSource.Open([theirs[1], theirs[2], theirs[0]]);
        using var theirWhole = DumpSource.Open(_folder.File("their-whole"));
        Assert.False(split.IsIncomplete);
        Assert.InRange(DumpComparison.SamePages(theirWhole, split, sameStates: false), 1000UL, ulong.MaxValue);
        SplitJoinResult result = SplitDump.Join(theirs, _folder.File("joined"));
        Assert.False(result.IsIncomplete);
        using var joined = DumpSource.Open(_folder.File("joined"));
        Assert.InRange(DumpComparison.SamePages(theirWhole, joined, sameStates: false), 1000UL, ulong.MaxValue);
    }

    [Fact]
    public void The_sub_header_has_the_range_in_old_and_new_fields()
    {
        using var source = DumpSource.Open(_folder.Write("in", ElfWriter.Write(SampleDumps.Kernel())));
        string[] paths = Paths(2);
        KdumpFileWriter.WriteSplit(source, paths, new DumpWriteOptions());
        byte[] first = File.ReadAllBytes(paths[0]);
        byte[] second = File.ReadAllBytes(paths[1]);
        ulong border = BinaryPrimitives.ReadUInt64LittleEndian(first.AsSpan(4096 + 24));
        Assert.Equal(1, first[4096 + 12]);
        Assert.Equal(border, BinaryPrimitives.ReadUInt64LittleEndian(first.AsSpan(4096 + 88)));
        Assert.Equal(border, BinaryPrimitives.ReadUInt64LittleEndian(second.AsSpan(4096 + 16)));
        Assert.Equal(border, BinaryPrimitives.ReadUInt64LittleEndian(second.AsSpan(4096 + 80)));
        Assert.Equal(0x2000UL, BinaryPrimitives.ReadUInt64LittleEndian(second.AsSpan(4096 + 88)));
    }

    private string[] Paths(int count) => [.. Enumerable.Range(0, count).Select(i => _folder.File($"part{i}"))];
}
