using Lifeboat.Capture.ConsoleBlocks;

namespace Lifeboat.Capture.Tests.ConsoleBlocks;

public sealed class ConsoleBlockWriterTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        List<string> lines = TestBlock.Usual();
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 76));
        Assert.StartsWith("-----BEGIN LIFEBOAT CRASH BLOCK ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("-----END LIFEBOAT CRASH BLOCK ", lines[^1], StringComparison.Ordinal);
        ConsoleBlock block = TestBlock.Whole(TestBlock.Read(lines));
        Assert.Contains(block.Name, lines[0], StringComparison.Ordinal);
        Assert.Equal(
            ("web1", "6.1.0-test", "The target UUID=1 did not appear", "0.1.0"),
            (block.Header.Host, block.Header.KernelRelease, block.Header.Reason, block.Header.ToolVersion));
        Assert.Equal(TestBlock.Header.CrashTime, block.Header.CrashTime);
        Assert.Equal(TestBlock.Header.CaptureTime, block.Header.CaptureTime);
        Assert.Empty(block.LeftOut);
        Assert.Equal((2L, lines.Count - 1L), (block.FirstLine, block.LastLine));
        Assert.Equal((lines.Count - 2, 0), (block.LinesFound, block.LinesRestored));
    }

    [Theory]
    [InlineData(8 << 10)]
    [InlineData(20_000)]
    [InlineData(ConsoleBlockWriter.DefaultBudget)]
    public void The_budget_is_kept_and_what_is_left_out_is_told(int budget)
    {
        byte[] log = TestBlock.Log(300_000);
        List<string> lines = TestBlock.Write(
            writer =>
            {
                writer.Add("dmesg.txt", log, ConsoleBlockKeep.Tail, share: 0.5);
                writer.Add("report.txt", TestBlock.Log(100_000, seed: 2), ConsoleBlockKeep.Head);
                writer.Add("report.json", TestBlock.Log(100_000, seed: 3), ConsoleBlockKeep.Whole);
            },
            budget: budget);
        Assert.True(lines.Sum(line => line.Length + 2) <= budget);
        ConsoleBlock block = Assert.Single(TestBlock.Read(lines).Blocks);
        Assert.False(block.IsDamaged);
        Assert.All(block.Files, file => Assert.True(file.IsIntact));
        Assert.Contains("report.json: 100000 of 100000 bytes", block.LeftOut);
        if (budget == ConsoleBlockWriter.DefaultBudget)
        {
            ConsoleBlockFile kept = block.Files[0];
            Assert.Equal(log[^kept.Content.Length..], kept.Content.ToArray());
            Assert.Equal((300_000, kept.Content.Length), (kept.OriginalBytes, kept.SentBytes));
            Assert.Contains($"dmesg.txt: {300_000 - kept.Content.Length} of 300000 bytes", block.LeftOut);
            Assert.Equal("report.txt", block.Files[1].Name);
            Assert.Equal(TestBlock.Log(100_000, seed: 2)[..block.Files[1].Content.Length], block.Files[1].Content.ToArray());
        }
    }

    [Fact]
    public void Bytes_that_do_not_get_smaller_and_files_without_bytes_are_carried_too()
    {
        byte[] noise = new byte[10_000];
        new Random(3).NextBytes(noise);
        List<string> lines = TestBlock.Write(writer =>
        {
            Assert.Equal(noise.Length, writer.Add("noise", noise, ConsoleBlockKeep.Whole));
            Assert.Equal(0, writer.Add("empty", [], ConsoleBlockKeep.Whole));
        });
        ConsoleBlock block = Assert.Single(TestBlock.Read(lines).Blocks);
        Assert.Equal(noise, block.Files[0].Content.ToArray());
        Assert.Equal(("empty", true, 0), (block.Files[1].Name, block.Files[1].IsIntact, block.Files[1].Content.Length));
    }

    [Fact]
    public void Two_captures_have_two_numbers() =>
        Assert.NotEqual(TestBlock.Usual(seed: 1)[0], TestBlock.Usual(seed: 2)[0]);
}
