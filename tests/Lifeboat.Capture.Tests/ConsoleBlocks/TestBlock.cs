using System.Text;
using Lifeboat.Capture.ConsoleBlocks;

namespace Lifeboat.Capture.Tests.ConsoleBlocks;

/// <summary>Blocks for tests, and logs made of them.</summary>
internal static class TestBlock
{
    public static ConsoleBlockHeader Header { get; } = new()
    {
        Host = "web1",
        KernelRelease = "6.1.0-test",
        CrashTime = DateTimeOffset.FromUnixTimeSeconds(1769869353),
        CaptureTime = DateTimeOffset.FromUnixTimeSeconds(1769869360),
        Reason = "The target UUID=1 did not appear",
        ToolVersion = "0.1.0",
    };

    /// <summary>Text that looks like a kernel's log and does not get much smaller.</summary>
    public static byte[] Log(int bytes, int seed = 1)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        while (text.Length < bytes)
        {
            text.Append($"[{text.Length / 100.0,12:0.000000}] device {random.Next():x8}: value {random.NextInt64():x16}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, bytes));
    }

    public static List<string> Write(
        Action<ConsoleBlockWriter> fill, long seed = 1, int budget = ConsoleBlockWriter.DefaultBudget)
    {
        var lines = new List<string>();
        using var writer = new ConsoleBlockWriter(lines.Add, Header, seed, budget);
        fill(writer);
        writer.Finish();
        return lines;
    }

    /// <summary>A block of three files: 20 KB of log, and a report twice.</summary>
    public static List<string> Usual(long seed = 1) => Write(
        writer =>
        {
            writer.Add("dmesg.txt", Log(20_000), ConsoleBlockKeep.Tail);
            writer.Add("report.txt", "Crash asked for through sysrq\n"u8, ConsoleBlockKeep.Head);
            writer.Add("report.json", "{\"a\":1}"u8, ConsoleBlockKeep.Whole);
        },
        seed);

    public static ConsoleBlockLog Read(IEnumerable<string> lines, string end = "\n") =>
        Read(Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + end))));

    public static ConsoleBlockLog Read(byte[] log) => ConsoleBlockReader.Read(new MemoryStream(log));

    /// <summary>The one block of a log, which must be whole.</summary>
    public static ConsoleBlock Whole(ConsoleBlockLog log)
    {
        ConsoleBlock block = Assert.Single(log.Blocks);
        Assert.Empty(block.Lost);
        Assert.Equal(["dmesg.txt", "report.txt", "report.json"], block.Files.Select(file => file.Name));
        Assert.All(block.Files, file => Assert.True(file.IsIntact));
        Assert.Equal(Log(20_000), block.Files[0].Content.ToArray());
        Assert.Equal("{\"a\":1}"u8.ToArray(), block.Files[2].Content.ToArray());
        return block;
    }
}
