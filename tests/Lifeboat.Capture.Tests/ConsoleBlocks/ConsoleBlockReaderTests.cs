using System.Text;
using Lifeboat.Capture.ConsoleBlocks;

namespace Lifeboat.Capture.Tests.ConsoleBlocks;

public sealed class ConsoleBlockReaderTests
{
    private static readonly List<string> Lines = TestBlock.Usual();

    [Theory]
    [InlineData("[   12.345678] ", "")]
    [InlineData("Nov 22 13:02:58 web1 kernel: ", "")]
    [InlineData("2026-11-22T13:02:58.123456+00:00 i-0123 serial: ", "")]
    [InlineData("\e[0;32m", "\e[0m")]
    [InlineData("\e]0;title\a", " \t ")]
    [InlineData("{\"textPayload\":\"", "\\r\"}")]
    [InlineData("", "#015")]
    [InlineData("\0\0", "\r")]
    public void What_stands_around_the_lines_does_not_matter(string before, string after) =>
        TestBlock.Whole(TestBlock.Read(Lines.Select(line => before + line + after), "\r\n"));

    [Fact]
    public void A_whole_log_in_one_line_is_read() =>
        TestBlock.Whole(TestBlock.Read(["{\"Output\":\"" + string.Join("\\r\\n", Enumerable.Repeat("x", 200_000).Concat(Lines)) + "\"}"]));

    [Fact]
    public void Lines_of_the_kernel_in_between_are_passed_over() =>
        TestBlock.Whole(TestBlock.Read(Lines.SelectMany(line => new[] { line, "[   12.3] usb 1-1: new device", "" })));

    [Theory]
    [InlineData("[   12.345678] usb 1-1: new high-speed device\r\n")]
    [InlineData("[   12.345678] usb 1-1: new\r\n[   12.345690] usb 1-1: Product\r\n[  12.4] more\r\n")]
    [InlineData("usb1 is here\n")]
    [InlineData("\r\n")]
    public void A_line_that_the_kernel_broke_into_is_put_together(string between)
    {
        for (int at = 3; at < 75; at++)
        {
            int breakAt = at;
            ConsoleBlockLog log = TestBlock.Read(Lines.Select((line, number) =>
                number % 12 == 5 && line.Length == 75 ? line[..breakAt] + between + line[breakAt..] : line));
            Assert.Equal(0, TestBlock.Whole(log).LinesRestored);
            Assert.Equal(0, log.DamagedLines);
        }
    }

    [Theory]
    [InlineData(80, 40)]
    [InlineData(60, 0)]
    [InlineData(255, 200)]
    public void Lines_that_a_terminal_wrapped_are_put_together(int columns, int prefix) =>
        TestBlock.Whole(TestBlock.Read(Lines.Select(line => new string('>', prefix - 1 < 0 ? 0 : prefix - 1) + " " + line)
            .SelectMany(line => line.Chunk(columns)).Select(part => new string(part))));

    [Fact]
    public void One_line_lost_of_each_part_costs_nothing()
    {
        ConsoleBlock whole = TestBlock.Whole(TestBlock.Read(Lines));
        for (int lost = 1; lost < Lines.Count - 1; lost++)
        {
            ConsoleBlock block = TestBlock.Whole(TestBlock.Read(Lines.Where((_, number) => number != lost)));
            Assert.Equal(whole.LinesFound - 1, block.LinesFound);
            Assert.InRange(block.LinesRestored, 0, 1);
        }
    }

    [Fact]
    public void A_changed_character_is_noticed_and_made_good()
    {
        string line = Lines[40];
        List<string> changed = [.. Lines];
        changed[40] = line[..30] + (line[30] == 'A' ? 'B' : 'A') + line[31..];
        ConsoleBlockLog log = TestBlock.Read(changed);
        Assert.Equal(1, TestBlock.Whole(log).LinesRestored);
        Assert.Equal(1, log.DamagedLines);
    }

    [Fact]
    public void Two_lines_lost_of_a_part_cost_that_part_and_are_named()
    {
        byte[] original = TestBlock.Log(20_000);
        ConsoleBlock block = Assert.Single(TestBlock.Read(Lines.Where((_, number) => number is not (40 or 42))).Blocks);
        Assert.True(block.IsDamaged);
        Assert.Matches("^part [0-9]+, of its [0-9]+ lines: [0-9]+ [0-9]+$", block.Lost[0]);
        Assert.Matches("^bytes [0-9]+ to [0-9]+ of dmesg.txt$", block.Lost[1]);
        Assert.Equal(2, block.Lost.Count);
        ConsoleBlockFile log = block.Files[0];
        Assert.False(log.IsIntact);
        Assert.True(log.FoundBytes is >= 8000 and < 20_000);
        string text = Encoding.ASCII.GetString(log.Content.Span);
        Assert.Contains($"[lifeboat: {20_000 - log.FoundBytes} bytes of dmesg.txt were lost on the console]", text, StringComparison.Ordinal);
        Assert.EndsWith(Encoding.ASCII.GetString(original[^5000..]), text, StringComparison.Ordinal);
        Assert.True(block.Files[1].IsIntact);
    }

    [Fact]
    public void A_block_that_is_cut_off_gives_what_came_before()
    {
        ConsoleBlock block = Assert.Single(TestBlock.Read(Lines.Take(Lines.Count / 2)).Blocks);
        Assert.Contains(block.Lost, lost => lost.Contains("the end of the block", StringComparison.Ordinal));
        Assert.Equal("web1", block.Header.Host);
        Assert.True(block.Files[0].FoundBytes > 0);
    }

    [Fact]
    public void A_block_whose_beginning_is_gone_gives_what_comes_after()
    {
        ConsoleBlock block = Assert.Single(TestBlock.Read(Lines.Skip(Lines.Count / 2)).Blocks);
        Assert.Contains(block.Lost, lost => lost.Contains("host, kernel and times", StringComparison.Ordinal));
        Assert.Contains("the name and the size of file-0", block.Lost);
        Assert.Equal(["file-0", "report.txt", "report.json"], block.Files.Select(file => file.Name));
        Assert.True(block.Files[2].IsIntact);
    }

    [Fact]
    public void Two_damaged_copies_make_one_whole_block()
    {
        IEnumerable<string> first = Lines.Where((_, number) => number % 3 != 0);
        IEnumerable<string> second = Lines.Where((_, number) => number % 3 == 0);
        TestBlock.Whole(TestBlock.Read(first.Append("the machine starts again").Concat(second)));
    }

    [Fact]
    public void Blocks_of_several_boots_are_told_apart()
    {
        ConsoleBlockLog log = TestBlock.Read(TestBlock.Usual(seed: 7).Append("GRUB loading").Concat(TestBlock.Usual(seed: 8)));
        Assert.Equal(2, log.Blocks.Count);
        Assert.All(log.Blocks, block => Assert.False(block.IsDamaged));
        Assert.NotEqual(log.Blocks[0].Name, log.Blocks[1].Name);
        Assert.True(log.Blocks[0].LastLine < log.Blocks[1].FirstLine);
    }

    [Fact]
    public void A_log_without_a_block_has_none()
    {
        Assert.Empty(TestBlock.Read(["[    0.000000] Linux version 6.1"]).Blocks);
        Assert.Empty(TestBlock.Read(Array.Empty<byte>()).Blocks);
        ConsoleBlockLog cut = TestBlock.Read(Lines.Select(line => line[..Math.Min(60, line.Length)] + " ..."));
        Assert.Equal((0, Lines.Count - 2), (cut.Blocks.Count, (int)cut.DamagedLines));
    }
}
