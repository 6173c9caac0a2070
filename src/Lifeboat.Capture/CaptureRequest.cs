using Lifeboat.Capture.Settings;
using Lifeboat.Kernel.Erasing;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Capture;

/// <summary>What to save, and where to.</summary>
public sealed record CaptureRequest
{
    /// <summary>The crashed machine's memory: <c>/proc/vmcore</c> in a capture kernel, else any dump.</summary>
    public string Vmcore { get; init; } = "/proc/vmcore";

    /// <summary>Which pages to leave out.</summary>
    public DumpLevel Level { get; init; } = DumpLevel.All;

    /// <summary>What is overwritten in the dump.</summary>
    public IReadOnlyList<EraseDirective> Erase { get; init; } = EraseLines.Unsaid.DirectivesFor(isSealed: false);

    /// <summary>How pages are packed.</summary>
    public DumpCompression Compression { get; init; } = DumpCompression.Zstd;

    /// <summary>Threads that compress.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The host's name; null takes the one that the crashed machine had.</summary>
    public string? HostName { get; init; }

    /// <summary>The program that makes the report: this one; null for none.</summary>
    public string? ReportProgram { get; init; }

    /// <summary>What it may take of time and room.</summary>
    public CaptureBudget Budget { get; init; } = new();

    /// <summary>Where the report is made for a store that is no folder: in the capture kernel's own memory.</summary>
    public string WorkFolder { get; init; } = "/lifeboat-report";

    /// <summary>Called once before the dump; what it says is why there is to be none. Null goes on.</summary>
    public Func<string?>? BeforeDump { get; init; }

    /// <summary>The version of this program, for the manifest.</summary>
    public required string ToolVersion { get; init; }
}
