using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Machine;

/// <summary>The machine's physical address space as /proc/iomem tells it.</summary>
public sealed class IomemMap
{
    private const int MaxEntries = 1 << 20;
    private const string FileName = "/proc/iomem";

    private IomemMap(IReadOnlyList<IomemEntry> entries) => Entries = entries;

    /// <summary>All lines in the file's order.</summary>
    public IReadOnlyList<IomemEntry> Entries { get; }

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="DiagnosticException">
    /// A line does not read as one, or the kernel hides the addresses (all are zero for a user without CAP_SYS_ADMIN).
    /// </exception>
    public static IomemMap Parse(string text)
    {
        var entries = new List<IomemEntry>();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
            {
                continue;
            }

            if (entries.Count == MaxEntries || !TryParseLine(line, out IomemEntry? entry))
            {
                throw Malformed($"line {entries.Count + 1}", line.ToString(), "\"start-end : name\" in hex");
            }

            entries.Add(entry);
        }

        if (entries.Count == 0)
        {
            throw Malformed(null, "an empty file", "at least \"System RAM\"");
        }

        // A hidden address prints as 0, and so does a hidden end: every range is the byte 0.
        if (entries.TrueForAll(entry => entry.Range.Start == PhysicalAddress.Zero && entry.Range.Length.Value == 1))
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.AddressesHidden, "The kernel hides physical addresses from this user")
            {
                Where = FileName,
                Found = "every address is zero",
                Remedy = "Run it as root (CAP_SYS_ADMIN is needed)",
            });
        }

        return new IomemMap(entries);
    }

    /// <summary>The reservations for capture kernels, ascending: the low one below 4 GiB, if any, and the main one.</summary>
    public IReadOnlyList<PhysicalRange> Reservations => PhysicalRanges.Sorted(Named("Crash kernel"));

    /// <summary>The ranges with <paramref name="name"/>, at any depth, in the file's order.</summary>
    public IReadOnlyList<PhysicalRange> Named(string name) =>
        Matching(found => found.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The ranges whose names are wanted, at any depth, in the file's order.</summary>
    internal IReadOnlyList<PhysicalRange> Matching(Predicate<string> wants)
    {
        var ranges = new List<PhysicalRange>();
        foreach (IomemEntry entry in Entries)
        {
            if (wants(entry.Name))
            {
                ranges.Add(entry.Range);
            }
        }

        return ranges;
    }

    private static bool TryParseLine(ReadOnlySpan<char> line, [NotNullWhen(true)] out IomemEntry? entry)
    {
        entry = null;
        ReadOnlySpan<char> trimmed = line.TrimStart(' ');
        int depth = (line.Length - trimmed.Length) / 2;
        int colon = trimmed.IndexOf(" : ", StringComparison.Ordinal);
        int dash = trimmed.IndexOf('-');
        if (colon < 0 || dash < 0 || dash > colon
            || !TryParseHex(trimmed[..dash], out ulong start)
            || !TryParseHex(trimmed[(dash + 1)..colon], out ulong last)
            || last < start || last == ulong.MaxValue)
        {
            return false;
        }

        var range = new PhysicalRange(new PhysicalAddress(start), new PhysicalAddress(last + 1));
        entry = new IomemEntry(range, depth, trimmed[(colon + 3)..].Trim().ToString());
        return true;
    }

    private static bool TryParseHex(ReadOnlySpan<char> text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);

    private static DiagnosticException Malformed(string? where, string found, string expected) =>
        new(new Diagnostic(KexecDiagnostics.MachineFileMalformed, "The machine's memory map does not read")
        {
            Where = where is null ? FileName : $"{FileName}, {where}",
            Found = found,
            Expected = expected,
        });
}
