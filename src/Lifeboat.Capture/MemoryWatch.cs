using System.Globalization;
using Lifeboat.Capture.Manifest;

namespace Lifeboat.Capture;

/// <summary>Watches what memory there is: the process's own peak, and the least that the kernel had available.</summary>
/// <param name="procFolder">Where /proc is mounted.</param>
internal sealed class MemoryWatch(string procFolder = "/proc")
{
    private const string Peak = "VmHWM:";

    private long? _lowestAvailable;
    private long? _total;

    /// <summary>What was available at the last look; null when it is unknown.</summary>
    internal long? Available { get; private set; }

    /// <summary>Looks once; costs two small reads.</summary>
    internal void Sample()
    {
        foreach (string line in Lines("meminfo"))
        {
            if (ValueOf(line, "MemTotal:") is { } total)
            {
                _total = total;
            }
            else if (ValueOf(line, "MemAvailable:") is { } available)
            {
                Available = available;
                _lowestAvailable = Math.Min(available, _lowestAvailable ?? long.MaxValue);
                return;
            }
        }
    }

    internal ManifestMemory Report()
    {
        Sample();
        return new ManifestMemory
        {
            PeakResidentBytes = Array.Find(Lines("self/status"), static line => line.StartsWith(Peak, StringComparison.Ordinal))
                is { } line ? ValueOf(line, Peak) : null,
            TotalBytes = _total,
            LowestAvailableBytes = _lowestAvailable,
        };
    }

    private static long? ValueOf(string line, string key)
    {
        const string Unit = " kB";
        return line.StartsWith(key, StringComparison.Ordinal) && line.EndsWith(Unit, StringComparison.Ordinal)
            && long.TryParse(
                line.AsSpan(key.Length, line.Length - key.Length - Unit.Length).Trim(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long kibibytes)
            && kibibytes < long.MaxValue >> 10
                ? kibibytes << 10
                : null;
    }

    private string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(procFolder, file));
        }
        catch (IOException)
        {
            // Without /proc the figures are unknown; that is no reason to fail.
            return [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }
}
