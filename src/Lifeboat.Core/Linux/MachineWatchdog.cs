using System.Globalization;

namespace Lifeboat.Core.Linux;

/// <summary>
/// A watchdog of the running machine, as <c>/sys/class/watchdog</c> tells: a timer in hardware that resets the machine when nobody winds it
/// up, whatever kernel runs then. The kernel's own imitation (softdog), which dies with it, is none.
/// </summary>
public sealed record MachineWatchdog
{
    private const string Imitation = "Software Watchdog";

    /// <summary>The name of its device: <c>watchdog0</c>.</summary>
    public required string Device { get; init; }

    /// <summary>What it calls itself; its device's name when it does not say.</summary>
    public required string Identity { get; init; }

    /// <summary>Whether it runs now; it goes on running through a crash.</summary>
    public bool IsActive { get; init; }

    /// <summary>After how many seconds without a sign it resets the machine; null when it does not say.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>How many of them are left now; null when it does not say.</summary>
    public int? SecondsLeft { get; init; }

    /// <summary>Whether it cannot be stopped once it runs (nowayout).</summary>
    public bool CannotBeStopped { get; init; }

    /// <summary>All watchdogs of this machine, by their devices' names; none where sysfs cannot be read.</summary>
    /// <param name="systemFolder">Where sysfs is mounted.</param>
    public static IReadOnlyList<MachineWatchdog> ReadAll(string systemFolder = "/sys")
    {
        string folder = Path.Combine(systemFolder, "class/watchdog");
        return From(Names(folder), (device, file) => SystemFile.Text(Path.Combine(folder, device, file)));
    }

    /// <summary>All watchdogs, by their devices' names.</summary>
    /// <param name="devices">The names in <c>/sys/class/watchdog</c>.</param>
    /// <param name="read">Reads a file of a device there; gives null where there is none.</param>
    public static IReadOnlyList<MachineWatchdog> From(IEnumerable<string> devices, Func<string, string, string?> read)
    {
        string[] names = [.. devices];
        Array.Sort(names, StringComparer.Ordinal);
        var found = new List<MachineWatchdog>(names.Length);
        foreach (string device in names)
        {
            string? Of(string file) => read(device, file)?.Trim() is { Length: > 0 } text ? text : null;
            if (Of("identity") is not Imitation and var identity)
            {
                found.Add(new MachineWatchdog
                {
                    Device = device,
                    Identity = identity ?? device,
                    IsActive = Of("state") == "active",
                    TimeoutSeconds = Number(Of("timeout")),
                    SecondsLeft = Number(Of("timeleft")),
                    CannotBeStopped = Of("nowayout") == "1",
                });
            }
        }

        return found;
    }

    /// <summary>One line for a person.</summary>
    public override string ToString()
    {
        string wait = TimeoutSeconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $" after {seconds} s without a sign") : "";
        return IsActive ? $"{Identity}, running: it resets the machine{wait}" : $"{Identity}, stopped";
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string[] Names(string folder)
    {
        try
        {
            string[] names = Directory.GetFileSystemEntries(folder);
            for (int i = 0; i < names.Length; i++)
            {
                names[i] = Path.GetFileName(names[i]);
            }

            return names;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
