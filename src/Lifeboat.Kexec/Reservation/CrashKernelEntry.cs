using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Reservation;

/// <summary>
/// One <c>crashkernel=</c>, read as the kernel reads it (kernel/crash_reserve.c): quirks are kept, as they decide what is
/// reserved.
/// </summary>
public sealed record CrashKernelEntry
{
    /// <summary>The error that is met when a range fits, and not otherwise.</summary>
    internal const string OffsetExpected = "an address is expected after @";

    private const string NumberExpected = "a size such as 256M is expected";

    /// <summary>What stands behind <c>crashkernel=</c>, up to the next space.</summary>
    public required string Text { get; init; }

    /// <summary>What it asks for.</summary>
    public required CrashKernelKind Kind { get; init; }

    /// <summary>The size; null when it depends on the RAM, or does not read.</summary>
    public ByteCount? Size { get; init; }

    /// <summary>Sizes by RAM, of which the first that fits counts; empty when there is but one size.</summary>
    public IReadOnlyList<CrashKernelRange> Ranges { get; init; } = [];

    /// <summary>The address that it must lie at; null for any.</summary>
    public PhysicalAddress? Offset { get; init; }

    /// <summary>
    /// What the kernel stumbles over; null for nothing. With ranges, it is met only when none before it fits, but for the address behind <c>@</c>.
    /// </summary>
    public string? Error { get; init; }

    /// <summary>Behind what is read, text that the kernel does not look at; empty for none.</summary>
    public string Ignored { get; init; } = "";

    /// <summary>Reads one.</summary>
    internal static CrashKernelEntry Parse(string text)
    {
        foreach ((string suffix, CrashKernelKind kind) in
            (ReadOnlySpan<(string, CrashKernelKind)>)[(",high", CrashKernelKind.High), (",low", CrashKernelKind.Low), (",cma", CrashKernelKind.Cma)])
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                return ParseSuffixed(text, kind, text.Length - suffix.Length);
            }
        }

        return text.Contains(':', StringComparison.Ordinal) ? ParseRanges(text) : ParseSimple(text);
    }

    private static CrashKernelEntry ParseSuffixed(string text, CrashKernelKind kind, int end)
    {
        var entry = new CrashKernelEntry { Text = text, Kind = kind };
        int position = 0;
        return !KernelNumber.TryRead(text, ref position, out ulong size) ? entry with { Error = NumberExpected }
            : position != end ? entry with { Error = Unexpected(text, position) }
            : entry with { Size = new ByteCount(size) };
    }

    private static CrashKernelEntry ParseSimple(string text)
    {
        var entry = new CrashKernelEntry { Text = text, Kind = CrashKernelKind.Main };
        int position = 0;
        if (!KernelNumber.TryRead(text, ref position, out ulong size))
        {
            return entry with { Error = NumberExpected };
        }

        if (position == text.Length)
        {
            return entry with { Size = new ByteCount(size) };
        }

        if (text[position] != '@')
        {
            return entry with { Error = Unexpected(text, position) };
        }

        position++;
        KernelNumber.TryRead(text, ref position, out ulong offset);
        return entry with { Size = new ByteCount(size), Offset = AddressOf(offset), Ignored = text[position..] };
    }

    private static CrashKernelEntry ParseRanges(string text)
    {
        var ranges = new List<CrashKernelRange>();
        int position = 0;
        string? error;
        do
        {
            error = ReadRange(text, ref position, ranges);
        }
        while (error is null && KernelNumber.At(text, position++) == ',');

        var entry = new CrashKernelEntry { Text = text, Kind = CrashKernelKind.Main, Ranges = ranges, Error = error };
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (error is not null || at < 0)
        {
            return entry with { Ignored = error is null && position <= text.Length ? text[(position - 1)..] : "" };
        }

        // Whatever stands between the ranges and the offset is skipped.
        string skipped = text[(position - 1)..at];
        position = at + 1;
        return KernelNumber.TryRead(text, ref position, out ulong offset)
            ? entry with { Offset = AddressOf(offset), Ignored = skipped + text[position..] }
            : entry with { Error = OffsetExpected };
    }

    private static string? ReadRange(string text, ref int position, List<CrashKernelRange> ranges)
    {
        ulong? end = null;
        if (!KernelNumber.TryRead(text, ref position, out ulong start))
        {
            return NumberExpected;
        }

        if (KernelNumber.At(text, position) != '-')
        {
            return $"a range such as 2G-4G is expected, not {text}";
        }

        position++;
        if (KernelNumber.At(text, position) != ':')
        {
            if (!KernelNumber.TryRead(text, ref position, out ulong last))
            {
                return NumberExpected;
            }

            if (last <= start)
            {
                return $"a range ends before it begins: {new ByteCount(start)} to {new ByteCount(last)}";
            }

            end = last;
        }

        if (KernelNumber.At(text, position) != ':')
        {
            return "a colon and a size are expected after a range";
        }

        position++;
        if (!KernelNumber.TryRead(text, ref position, out ulong size))
        {
            return NumberExpected;
        }

        ranges.Add(new CrashKernelRange(new ByteCount(start), end is { } to ? new ByteCount(to) : null, new ByteCount(size)));
        return null;
    }

    private static string Unexpected(string text, int position) =>
        $"'{text[position..]}' is not expected behind the size";

    /// <summary>An address of zero is no address.</summary>
    private static PhysicalAddress? AddressOf(ulong offset) => offset == 0 ? null : new PhysicalAddress(offset);
}
