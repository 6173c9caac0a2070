using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Flattened;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Tests.Flattened;

public sealed class FlattenedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_overlapping_records_the_later_wins_and_gaps_are_zeros()
    {
        byte[] file = new FlattenedBuilder()
            .Add(10, "aaaaaaaaaa"u8).Add(12, "bb"u8).Add(0, "cc"u8).Add(18, "dddd"u8).Add(5, ""u8).Add(11, "e"u8).End();
        Assert.Equal("cc\0\0\0\0\0\0\0\0aebbaaaadddd", ReadAll(file, out FlattenedFile flattened));
        Assert.True(flattened.IsComplete);
        Assert.Empty(flattened.Diagnostics);
    }

    [Fact]
    public void Any_records_read_as_if_they_were_written_one_after_the_other()
    {
        Prop.ForAll<(byte Start, byte Length)[]>(records =>
        {
            var builder = new FlattenedBuilder();
            byte[] expected = new byte[512];
            int end = 0;
            for (int i = 0; i < records.Length; i++)
            {
                byte[] bytes = new byte[records[i].Length];
                Array.Fill(bytes, (byte)(i + 1));
                builder.Add(records[i].Start, bytes);
                bytes.CopyTo(expected, records[i].Start);
                end = bytes.Length == 0 ? end : Math.Max(end, records[i].Start + bytes.Length);
            }

            using var file = Open(builder.End());
            byte[] found = new byte[600];
            bool isSame = file.Read(new FileOffset(0), found, out _) == end
                && found.AsSpan(0, end).SequenceEqual(expected.AsSpan(0, end));
            for (int at = 0; at < end; at += 7)
            {
                // From any place, too, and past the end.
                isSame &= file.Read(new FileOffset((ulong)at), found.AsSpan(0, 30), out _) == Math.Min(30, end - at)
                    && found[0] == expected[at];
            }

            return isSame;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_dump_in_it_is_found_by_its_content()
    {
        byte[] elf = SampleDumps.SmallElf();
        string path = _folder.Write("a", FlattenedBuilder.Cut(elf, 1000, seed: 1));
        using var flattened = DumpSource.Open(path);
        using var direct = DumpSource.Open(_folder.Write("b", elf));
        Assert.Equal("ELF, flattened", flattened.FormatName);
        Assert.Equal((path, false), (flattened.Path, flattened.IsIncomplete));
        Assert.Equal(8UL, DumpComparison.SamePages(direct, flattened));
        KdumpFileWriter.Write(direct, _folder.File("c"), new DumpWriteOptions());
        using var kdump = DumpSource.Open(
            _folder.Write("d", FlattenedBuilder.Cut(File.ReadAllBytes(_folder.File("c")), 777, seed: 2)));
        Assert.Equal("kdump-compressed v6, flattened", kdump.FormatName);
        Assert.Equal(8UL, DumpComparison.SamePages(direct, kdump));
    }

    [Fact]
    public void A_dump_flattened_twice_is_refused()
    {
        byte[] twice = FlattenedBuilder.Cut(FlattenedBuilder.Cut(SampleDumps.SmallElf(), 5000, 1), 5000, 2);
        DumpFormatException e = Assert.Throws<DumpFormatException>(() => DumpSource.Open(_folder.Write("a", twice)));
        Assert.Equal(VmcoreDiagnosticIds.Unsupported, e.Diagnostics[0].Id);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void Another_type_or_version_is_refused(long type, long version)
    {
        string path = _folder.Write("a", new FlattenedBuilder(type, version).End());
        DumpFormatException e = Assert.Throws<DumpFormatException>(() => DumpSource.Open(path));
        Assert.Equal(VmcoreDiagnosticIds.Unsupported, e.Diagnostics[0].Id);
    }

    [Theory]
    [InlineData(-2, 4, 2002)]
    [InlineData(4, -1, 2002)]
    [InlineData(long.MaxValue, 1, 2002)]
    [InlineData(0, long.MaxValue, 2003)]
    [InlineData(long.MinValue, long.MinValue, 2002)]
    public void A_record_that_cannot_be_ends_the_reading_and_is_told(long offset, long length, int id)
    {
        byte[] file = new FlattenedBuilder().Add(0, "good"u8).Add(offset, ""u8, length).Add(0, "lost"u8).ToArray();
        string content = ReadAll(file, out FlattenedFile flattened);
        Assert.StartsWith(id == 2002 ? "good" : "", content, StringComparison.Ordinal);
        Assert.False(flattened.IsComplete);
        Assert.Equal(id, Assert.Single(flattened.Diagnostics).Id.Number);
    }

    [Fact]
    public void A_file_cut_anywhere_says_that_it_is_incomplete()
    {
        byte[] whole = FlattenedBuilder.Cut(SampleDumps.SmallElf(1), 500, seed: 3);
        for (int length = 4096; length < whole.Length; length += length % 516 < 20 ? 1 : 97)
        {
            using FlattenedFile file = Open(whole[..length]);
            Assert.False(file.IsComplete);
            Assert.Single(file.Diagnostics);
        }
    }

    [Fact]
    public void More_records_than_are_believed_end_the_reading()
    {
        var builder = new FlattenedBuilder();
        for (int i = 0; i < 100; i++)
        {
            builder.Add(i, "x"u8);
        }

        using var file = new FlattenedFile(
            MappedFile.Open(_folder.Write("a", builder.End())), new DumpLimits { MaxFlattenedRecords = 10 });
        Assert.Equal(10UL, file.Length!.Value.Value);
        Assert.Equal(VmcoreDiagnosticIds.BeyondLimit, Assert.Single(file.Diagnostics).Id);
    }

    [Fact]
    public void A_thousand_damaged_streams_end_in_a_file_or_a_diagnostic()
    {
        using var source = DumpSource.Open(_folder.Write("in", SampleDumps.SmallElf()));
        KdumpFileWriter.Write(source, _folder.File("dump"), new DumpWriteOptions());
        byte[] original = FlattenedBuilder.Cut(File.ReadAllBytes(_folder.File("dump")), 600, seed: 4);
        int whole = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            byte[] bad = Mutations.Mutate(original, seed, 64);
            var random = new Random(seed);
            int record = 4096 + (616 * random.Next(20));
            if (record + 16 < bad.Length)
            {
                bad[record + random.Next(16)] = (byte)(random.Next(2) == 0 ? 0xff : random.Next(256));
            }

            try
            {
                FlattenedDump.Rearrange(new MemoryStream(bad), _folder.File("rearranged"));
                whole++;
            }
            catch (DumpFormatException e)
            {
                Assert.All(e.Diagnostics, static wrong => Assert.True(wrong is { Where: not null, Found: not null, Expected: not null }));
            }
            catch (KernelInterfaceException e)
            {
                // A place far beyond what a filesystem has is the kernel's refusal.
                Assert.Equal(Errno.EFBIG, e.Errno);
            }
        }

        Assert.InRange(whole, 10, 990);
    }

    private FlattenedFile Open(byte[] file) =>
        new(MappedFile.Open(_folder.Write("flattened", file)), DumpLimits.Default);

    private string ReadAll(byte[] file, out FlattenedFile flattened)
    {
        using FlattenedFile opened = Open(file);
        flattened = opened;
        byte[] bytes = new byte[opened.Length!.Value.Value];
        Assert.Equal(bytes.Length, opened.Read(new FileOffset(0), bytes, out _));
        return System.Text.Encoding.ASCII.GetString(bytes);
    }

    [Fact]
    public void Bitmaps_of_a_trillion_pages_that_no_record_has_are_refused_at_once()
    {
        byte[] file = File.ReadAllBytes(WriteKdump());
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(436), 1 << 26);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(4096 + 96), 1UL << 40);
        byte[] flat = new FlattenedBuilder().Add(0, file).Add(1L << 45, [1]).End();
        DumpFormatException refused = Assert.Throws<DumpFormatException>(
            () => DumpSource.Open(_folder.Write("claims", flat)));
        Assert.Equal(VmcoreDiagnosticIds.Truncated, refused.Diagnostics[0].Id);
    }

    private string WriteKdump()
    {
        using var elf = DumpSource.Open(_folder.Write("elf", SampleDumps.SmallElf()));
        KdumpFileWriter.Write(elf, _folder.File("kdump"), new DumpWriteOptions());
        return _folder.File("kdump");
    }
}
