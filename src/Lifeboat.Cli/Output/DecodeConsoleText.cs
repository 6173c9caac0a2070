using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Reporting;

namespace Lifeboat.Cli.Output;

/// <summary>The blocks of a console's log as text.</summary>
internal static class DecodeConsoleText
{
    internal static void Print(DecodeConsoleDocument document, bool withText, Terminal terminal)
    {
        foreach (DecodedBlock block in document.Blocks)
        {
            PrintBlock(block, document.Log, terminal);
            foreach (string line in withText ? (block.Text ?? "").TrimEnd('\n').Split('\n') : [])
            {
                terminal.Output.WriteLine(PlainText.Printable(line));
            }
        }
    }

    private static void PrintBlock(DecodedBlock block, string log, Terminal terminal)
    {
        Paint paint = terminal.OutputPaint;
        string time = (block.CrashTime ?? block.CaptureTime)?.UtcDateTime
            .ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "time unknown";
        terminal.Output.WriteLine(
            $"block {block.Block}: {(block.Damaged ? paint.Bad("DAMAGED") : paint.Good("whole"))}, lines {block.FirstLine} to {block.LastLine} of {log}");
        Line("crash", $"{block.Host ?? "host unknown"}, {time}, {(block.KernelRelease is { } release ? $"Linux {release}" : "kernel unknown")}");
        Line("why", block.Reason);
        foreach (DecodedFile file in block.Files)
        {
            Line("file", $"{file.Path ?? file.Name}: {Describe(file)}");
        }

        foreach (string left in block.LeftOut)
        {
            Line("left out", left);
        }

        foreach (string lost in block.Lost)
        {
            Line("lost", lost);
        }

        if (block.LinesRestored > 0)
        {
            Line("restored", $"{block.LinesRestored} missing lines, out of the others of their parts");
        }

        terminal.Output.WriteLine();

        void Line(string name, string? text)
        {
            if (text is not null)
            {
                terminal.Output.WriteLine($"  {name,-8}  {PlainText.Printable(text)}");
            }
        }
    }

    private static string Describe(DecodedFile file)
    {
        var found = new ByteCount((ulong)file.FoundBytes);
        return file switch
        {
            { Intact: false, SentBytes: { } sent } => $"{found} of the {new ByteCount((ulong)sent)} that were sent",
            { Intact: false } => $"{found}, its size is not known",
            { OriginalBytes: { } all } when all > file.FoundBytes => $"{found} of its {new ByteCount((ulong)all)}",
            _ => $"{found}",
        };
    }
}
