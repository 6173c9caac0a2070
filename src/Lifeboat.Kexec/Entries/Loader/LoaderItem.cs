using System.Globalization;

namespace Lifeboat.Kexec.Entries.Loader;

/// <summary>An entry of systemd-boot with what it is sorted by.</summary>
/// <param name="Entry">What it starts.</param>
internal sealed record LoaderItem(BootEntry Entry)
{
    internal string? SortKey { get; init; }

    internal string? MachineId { get; init; }

    internal string? Version { get; init; }

    /// <summary>Starts that are left before the entry counts as bad; negative when they are not counted.</summary>
    internal int TriesLeft { get; init; } = -1;

    internal int TriesDone { get; init; } = -1;

    /// <summary>Takes the counter off a file's name: <c>x+3-1.conf</c> is x.conf with 3 starts left and 1 done.</summary>
    internal static string CutCounter(string fileName, out int left, out int done)
    {
        (left, done) = (-1, -1);
        string suffix = Path.GetExtension(fileName);
        string name = fileName[..^suffix.Length];
        int plus = name.LastIndexOf('+');
        if (plus < 0)
        {
            return fileName;
        }

        string counter = name[(plus + 1)..];
        int dash = counter.IndexOf('-', StringComparison.Ordinal);
        if (!TryNumber(dash < 0 ? counter : counter[..dash], out int first))
        {
            return fileName;
        }

        int second = 0;
        if (dash >= 0 && !TryNumber(counter[(dash + 1)..], out second))
        {
            return fileName;
        }

        (left, done) = (first, second);
        return name[..plus] + suffix;
    }

    /// <summary>The menu's order: bad ones last; those with a sort key by key, machine, newest version; then by newest name.</summary>
    internal static int Compare(LoaderItem one, LoaderItem other)
    {
        int order = (one.TriesLeft == 0).CompareTo(other.TriesLeft == 0);
        order = order != 0 ? order : (one.SortKey is null).CompareTo(other.SortKey is null);
        if (order == 0 && one.SortKey is not null)
        {
            order = string.CompareOrdinal(one.SortKey, other.SortKey);
            order = order != 0 ? order : string.CompareOrdinal(one.MachineId, other.MachineId);
            order = order != 0 ? order : LoaderVersion.Compare(other.Version, one.Version);
        }

        order = order != 0 ? order : LoaderVersion.Compare(other.Entry.Id, one.Entry.Id);
        if (order != 0 || one.TriesLeft < 0 || other.TriesLeft < 0)
        {
            return order;
        }

        order = other.TriesLeft.CompareTo(one.TriesLeft);
        return order != 0 ? order : one.TriesDone.CompareTo(other.TriesDone);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
