using System.Text.Json;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Drill.Inside;

/// <summary>What the guest knows of itself just before it crashes; it writes this to the target disk.</summary>
public sealed record GuestTruth
{
    /// <summary>The file's name on the target disk.</summary>
    public const string FileName = "truth.json";

    // A guest with default numbers of pages writes about 120 KiB.
    private const long MaxBytes = 16 << 20;

    /// <summary>The seed of the known bytes.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where the known bytes are.</summary>
    public required IReadOnlyList<PatternPages> Patterns { get; init; }

    /// <summary>The kernel's release, as uname says it.</summary>
    public required string Release { get; init; }

    /// <summary>Processes of the workload by name, with the state each was seen in.</summary>
    public required IReadOnlyList<GuestTask> Tasks { get; init; }

    /// <summary>Segments of the loaded capture kernel.</summary>
    public required IReadOnlyList<LoadedSegment> Segments { get; init; }

    /// <summary>Bytes of RAM that the kernel reserved for the capture kernel.</summary>
    public required ulong ReservedBytes { get; init; }

    /// <summary>Reads the file that the guest wrote.</summary>
    /// <exception cref="DiagnosticException">It is missing or not what a guest writes.</exception>
    public static GuestTruth Load(string path)
    {
        try
        {
            return Read(path);
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            throw new DiagnosticException(
                exception,
                new Diagnostic(DrillDiagnostics.NoTruth, "the guest's own record of what it did cannot be read")
                {
                    Where = path,
                    Found = exception.Message,
                });
        }
    }

    private static GuestTruth Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxBytes and long length })
        {
            throw new JsonException($"{length} bytes, of which no guest writes as many");
        }

        GuestTruth? truth = JsonSerializer.Deserialize(File.ReadAllBytes(path), GuestJsonContext.Default.GuestTruth);
        return truth is not null && IsSane(truth) ? truth : throw new JsonException("values that no guest writes");
    }

    // The serializer lets null entries through, and numbers that no machine has and that would overflow where they
    // are used.
    private static bool IsSane(GuestTruth truth)
    {
        foreach (PatternPages? pages in truth.Patterns)
        {
            if (pages is null || !Enum.IsDefined(pages.Kind))
            {
                return false;
            }
        }

        foreach (LoadedSegment? segment in truth.Segments)
        {
            if (segment is null || segment.Start > ulong.MaxValue - segment.Length)
            {
                return false;
            }
        }

        foreach (GuestTask? task in truth.Tasks)
        {
            if (task is null)
            {
                return false;
            }
        }

        return true;
    }
}
