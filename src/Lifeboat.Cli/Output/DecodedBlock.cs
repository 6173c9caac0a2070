using System.Text;
using Lifeboat.Capture;
using Lifeboat.Capture.ConsoleBlocks;

namespace Lifeboat.Cli.Output;

/// <summary>A block out of a console's log, in the JSON document of <c>decode-console</c>.</summary>
internal sealed class DecodedBlock(ConsoleBlock block, IReadOnlyList<DecodedFile> files)
{
    /// <summary>Its number.</summary>
    public string Block => block.Name;

    /// <summary>The crashed machine.</summary>
    public string? Host => block.Header.Host;

    /// <summary>The crashed kernel.</summary>
    public string? KernelRelease => block.Header.KernelRelease;

    /// <summary>When it crashed.</summary>
    public DateTimeOffset? CrashTime => block.Header.CrashTime;

    /// <summary>When the capture began.</summary>
    public DateTimeOffset? CaptureTime => block.Header.CaptureTime;

    /// <summary>Why nothing was saved elsewhere.</summary>
    public string? Reason => block.Header.Reason;

    /// <summary>The version of the program that sent it.</summary>
    public string? ToolVersion => block.Header.ToolVersion;

    /// <summary>Where in the log it was first seen.</summary>
    public long FirstLine => block.FirstLine;

    /// <summary>Where in the log it was last seen.</summary>
    public long LastLine => block.LastLine;

    /// <summary>Lines of it that were found.</summary>
    public int LinesFound => block.LinesFound;

    /// <summary>Lines that were missing and could be worked out.</summary>
    public int LinesRestored => block.LinesRestored;

    /// <summary>Whether something that was sent is missing.</summary>
    public bool Damaged => block.IsDamaged;

    /// <summary>Its files.</summary>
    public IReadOnlyList<DecodedFile> Files => files;

    /// <summary>What there was no room for.</summary>
    public IReadOnlyList<string> LeftOut => block.LeftOut;

    /// <summary>What was lost on the way.</summary>
    public IReadOnlyList<string> Lost => block.Lost;

    /// <summary>The text of the report, or else of the log; left out when there is neither.</summary>
    public string? Text => TextOf(CaptureRun.ReportText) ?? TextOf(CaptureRun.LogFile);

    private string? TextOf(string name)
    {
        foreach (ConsoleBlockFile file in block.Files)
        {
            if (file.Name == name)
            {
                return Encoding.UTF8.GetString(file.Content.Span);
            }
        }

        return null;
    }
}
