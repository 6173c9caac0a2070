using Lifeboat.Cli.Output;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>What makedumpfile says, by kind: which kinds are wanted, and where each goes.</summary>
internal sealed class MakedumpfileMessages(Terminal terminal)
{
    /// <summary>The kinds that are told without being asked for: progress, common, error.</summary>
    public const int DefaultLevel = ProgressBit | CommonBit | ErrorBit;

    /// <summary>All kinds.</summary>
    public const int MaxLevel = 31;

    private const int ProgressBit = 1;
    private const int CommonBit = 2;
    private const int ErrorBit = 4;
    private const int DebugBit = 8;
    private const int ReportBit = 16;

    /// <summary>The kinds that are told: the sum of 1 progress, 2 common, 4 error, 8 debug, 16 report.</summary>
    public int Level { get; set; } = DefaultLevel;

    /// <summary>Whether standard output has the dump, and all messages go to standard error.</summary>
    public bool OutputIsTaken { get; set; }

    private TextWriter Output => OutputIsTaken ? terminal.Messages : terminal.Output;

    /// <summary>Adds debugging messages.</summary>
    public void AddDebug() => Level |= DebugBit;

    /// <summary>Adds reports.</summary>
    public void AddReport() => Level |= ReportBit;

    /// <summary>Tells a line that everyone sees.</summary>
    public void Common(string line = "") => Tell(CommonBit, Output, $"{line}\n");

    /// <summary>Tells an error, with the name of what failed before it.</summary>
    public void Error(string place, string line) => Tell(ErrorBit, terminal.Messages, $"{place}: {line}\n");

    /// <summary>Tells how far the work has come, in a line that is written over until <see cref="EndProgress"/>.</summary>
    public void Progress(string text) => Tell(ProgressBit, terminal.Messages, $"\r{text}");

    /// <summary>Goes on to the next line after <see cref="Progress"/>.</summary>
    public void EndProgress() => Tell(ProgressBit, terminal.Messages, "\n");

    /// <summary>Tells a line for whoever looks for a mistake.</summary>
    public void Debug(string line) => Tell(DebugBit, Output, $"{line}\n");

    /// <summary>Tells a line of a report.</summary>
    public void Report(string line = "") => Tell(ReportBit, Output, $"{line}\n");

    /// <summary>Tells what the C library's getopt tells whatever is wanted.</summary>
    public void Getopt(string error) => terminal.Messages.Write($"makedumpfile: {error}\n");

    private void Tell(int kind, TextWriter writer, string text)
    {
        if ((Level & kind) != 0)
        {
            writer.Write(text);
        }
    }
}
