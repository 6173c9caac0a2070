using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Capture.ConsoleBlocks;
using Lifeboat.Core.Compression;

namespace Lifeboat.Capture.Tests.ConsoleBlocks;

public sealed class HostileConsoleLogTests
{
    private static readonly byte[] Original = Encoding.ASCII.GetBytes(string.Join("\r\n", TestBlock.Usual()));

    [Fact]
    public void Damaged_logs_never_throw_and_what_is_called_intact_is()
    {
        string[] sent = ["dmesg.txt", "report.txt", "report.json"];
        byte[] log = TestBlock.Log(20_000);
        foreach (byte[] mutation in Mutations.Of(Original, 1500, seed: 11))
        {
            foreach (ConsoleBlockFile file in TestBlock.Read(mutation).Blocks.SelectMany(block => block.Files))
            {
                Assert.Contains(file.Name, (string[])[.. sent, "file-0", "file-1", "file-2"]);
                Assert.True(file.Name != "dmesg.txt" || !file.IsIntact || file.Content.Span.SequenceEqual(log));
            }
        }
    }

    [Fact]
    public void Any_lines_may_be_lost_and_every_byte_that_is_given_is_one_that_was_sent()
    {
        string[] lines = Encoding.ASCII.GetString(Original).Split("\r\n");
        byte[] log = TestBlock.Log(20_000);
        Prop.ForAll<int, byte>((seed, keep) =>
        {
            var random = new Random(seed);
            ConsoleBlockLog read = TestBlock.Read(lines.Where(_ => random.Next(256) >= keep / 8));
            return read.Blocks.All(block => block.Files.All(file =>
                file.Name != "dmesg.txt" || file.IsIntact == file.Content.Span.SequenceEqual(log)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_chunk_that_unpacks_to_more_than_it_may_is_not_unpacked()
    {
        using var compressor = new ZstdCompressor(1);
        byte[] packed = new byte[4096];
        int length = compressor.Compress(new byte[1 << 24], packed);
        foreach (int claimed in (int[])[1 << 24, 8192, 0, -1, int.MinValue])
        {
            ConsoleBlock block = Assert.Single(TestBlock.Read(Chunk(0, 3, claimed, packed.AsSpan(0, length))).Blocks);
            Assert.Contains("part 0: it cannot be unpacked", block.Lost);
            Assert.Empty(block.Files);
        }
    }

    [Fact]
    public void Limits_hold_for_blocks_records_and_unpacked_bytes()
    {
        IEnumerable<string> blocks = Enumerable.Range(0, 40).SelectMany(seed => TestBlock.Usual(seed));
        byte[] log = Encoding.ASCII.GetBytes(string.Join('\n', blocks));
        ConsoleBlockLog few = ConsoleBlockReader.Read(new MemoryStream(log), new ConsoleBlockLimits { MaxBlocks = 3 });
        Assert.Equal((3, true), (few.Blocks.Count, few.IsCutShort));
        ConsoleBlockLog small = ConsoleBlockReader.Read(new MemoryStream(log), new ConsoleBlockLimits { MaxUnpackedBytes = 30_000 });
        Assert.True(small.IsCutShort);
        Assert.True(small.Blocks.Sum(block => block.Files.Sum(file => file.FoundBytes)) <= 30_000);
        ConsoleBlockLog short_ = ConsoleBlockReader.Read(new MemoryStream(log), new ConsoleBlockLimits { MaxRecords = 100 });
        Assert.Equal((100, true), (short_.Blocks.Sum(block => block.LinesFound), short_.IsCutShort));
    }

    [Fact]
    public void Records_far_apart_and_parts_with_impossible_sizes_cost_little()
    {
        var log = new StringBuilder();
        for (int block = 0; block < 100; block++)
        {
            log.Append(new ConsoleRecord((uint)block, ConsoleBlockFormat.MaxChunks - 1, 255, 255, new byte[42]).ToLine()).Append('\n');
        }

        log.Append(new ConsoleRecord(1, ConsoleBlockFormat.MaxChunks, 0, 1, new byte[42]).ToLine());
        ConsoleBlockLog read = TestBlock.Read(Encoding.ASCII.GetBytes(log.ToString()));
        Assert.Equal((ConsoleBlockLimits.Default.MaxBlocks, true), (read.Blocks.Count, read.IsCutShort));
        Assert.All(read.Blocks, block => Assert.Equal($"parts 0 to {ConsoleBlockFormat.MaxChunks - 2}, all lines", block.Lost[0]));
    }

    [Fact]
    public void A_log_of_beginnings_only_is_read_to_its_end()
    {
        byte[] log = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("LB~abc", 100_000)) + "\n" + string.Concat(
            Enumerable.Repeat("LB~" + new string('a', 72) + "\n", 20_000)));
        ConsoleBlockLog read = TestBlock.Read(log);
        Assert.Empty(read.Blocks);
        Assert.True(read.DamagedLines >= 120_000);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData(".bashrc")]
    [InlineData("a\e[2J")]
    public void A_name_that_leads_elsewhere_is_replaced(string name)
    {
        List<string> lines = TestBlock.Write(writer => writer.Add(name, "x"u8, ConsoleBlockKeep.Whole));
        Assert.Equal("file-0", Assert.Single(TestBlock.Read(lines).Blocks).Files[0].Name);
    }

    [Fact]
    public void Two_files_of_one_name_do_not_become_one()
    {
        List<string> lines = TestBlock.Write(writer =>
        {
            writer.Add("a", "x"u8, ConsoleBlockKeep.Whole);
            writer.Add("a", "y"u8, ConsoleBlockKeep.Whole);
        });
        Assert.Equal(["a", "file-1"], Assert.Single(TestBlock.Read(lines).Blocks).Files.Select(file => file.Name));
    }

    [Theory]
    [InlineData("name=a\nbytes=99999999999999\nfrom=5\nto=9999999999999\n")]
    [InlineData("name=a\nfrom=9\nto=5\n")]
    [InlineData("name=a\nfrom=-9\nto=99999999999999999999999999\nsha256=zz\n")]
    [InlineData("\0\0=\n==\n=a")]
    public void Fields_that_claim_anything_are_claims_only(string fields)
    {
        using var compressor = new ZstdCompressor(1);
        byte[] packed = new byte[4096];
        int length = compressor.Compress(Encoding.UTF8.GetBytes(fields), packed);
        ConsoleBlock block = Assert.Single(TestBlock.Read(Chunk(0, 2, fields.Length, packed.AsSpan(0, length))).Blocks);
        Assert.False(Assert.Single(block.Files).IsIntact);
        Assert.True(block.Files[0].Content.Length < 200);
        Assert.True(block.Files[0].SentBytes is null or > 0);
    }

    private static byte[] Chunk(int number, byte kind, int rawLength, ReadOnlySpan<byte> packed)
    {
        byte[] chunk = new byte[ConsoleChunk.Size + packed.Length];
        new ConsoleChunk((ConsoleChunkKind)kind, 0, 0, rawLength, packed.Length).WriteTo(chunk);
        packed.CopyTo(chunk.AsSpan(ConsoleChunk.Size));
        int count = (chunk.Length + 41) / 42;
        var text = new StringBuilder();
        for (int line = 0; line < count; line++)
        {
            byte[] data = new byte[42];
            chunk.AsSpan(line * 42, Math.Min(42, chunk.Length - (line * 42))).CopyTo(data);
            text.Append(new ConsoleRecord(9, number, line, count, data).ToLine()).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
