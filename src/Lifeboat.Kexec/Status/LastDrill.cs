using System.Text.Json;
using Lifeboat.Kexec.Reporting;

namespace Lifeboat.Kexec.Status;

/// <summary>How the last drill on this machine went, as it is remembered between drills.</summary>
public sealed record LastDrill
{
    /// <summary>Where it is remembered.</summary>
    public const string DefaultPath = "/var/lib/lifeboat/last-drill.json";

    /// <summary>When the drill ended.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The release of the kernel that was rehearsed with; empty when the drill did not get as far.</summary>
    public required string KernelRelease { get; init; }

    /// <summary>Whether the crash was captured and everything checked held.</summary>
    public required bool Passed { get; init; }

    /// <summary>More than a drill's document has.</summary>
    internal const int MaxBytes = 64 << 10;

    /// <summary>The bytes that were reserved; of a search for the least, the most that it tried.</summary>
    public required ulong ReservationBytes { get; init; }

    /// <summary>The smallest reservation that captures; null when it was not searched for, or none did.</summary>
    public ulong? MinimumBytes { get; init; }

    /// <summary>Bytes of the drill's capture ramdisk, packed; null when it was not built.</summary>
    public ulong? RamdiskBytes { get; init; }

    /// <summary>How long the drill took; of a search, all of its drills.</summary>
    public required double Seconds { get; init; }

    /// <summary>Reads what is remembered; null when there is nothing that reads as a drill.</summary>
    public static LastDrill? Load(string path = DefaultPath)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the bytes of the file; null when they do not read as a drill.</summary>
    internal static LastDrill? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            LastDrill? drill = JsonSerializer.Deserialize(bytes, KexecJsonContext.Default.LastDrill);
            return drill is { KernelRelease: not null, Seconds: >= 0 } ? drill : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Remembers this drill in place of the one before; a reader sees the one or the other.</summary>
    /// <exception cref="IOException">The folder cannot be made, or the file not written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public void Save(string path = DefaultPath) =>
        WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, KexecJsonContext.Default.LastDrill));
}
