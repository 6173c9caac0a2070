using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Reservation;

/// <summary>All <c>crashkernel=</c> of a command line, and what comes of them.</summary>
/// <remarks>
/// <code>
/// crashkernel=SIZE[@OFFSET]                     below 4 GiB, or above where there is no room
/// crashkernel=FROM-[TO]:SIZE[,...][@OFFSET]     the same, by the amount of RAM
/// crashkernel=SIZE,high  crashkernel=SIZE,low   above 4 GiB, and what goes below in addition
/// crashkernel=SIZE,cma                          lent to the running kernel until the crash (Linux 6.17)
/// </code>
/// <para>Source: parse_crashkernel() and reserve_crashkernel_generic() in kernel/crash_reserve.c.</para>
/// </remarks>
public sealed class CrashKernelLine
{
    private const string Name = "crashkernel=";

    private CrashKernelLine(IReadOnlyList<CrashKernelEntry> entries) => Entries = entries;

    /// <summary>What a machine's RAM is rounded up to a multiple of before it is looked up in ranges.</summary>
    public static ByteCount RamRounding { get; } = ByteCount.FromMiB(128);

    /// <summary>What is reserved below 4 GiB beside a reservation above, unless something else is asked for.</summary>
    public static ByteCount DefaultLow { get; } = ByteCount.FromMiB(256);

    /// <summary>The entries in their order.</summary>
    public IReadOnlyList<CrashKernelEntry> Entries { get; }

    /// <summary>
    /// Reads a whole command line, or only what stands behind <c>crashkernel=</c>: where the word does not occur, the text is
    /// taken for one value.
    /// </summary>
    public static CrashKernelLine Parse(string text)
    {
        var entries = new List<CrashKernelEntry>();
        string line = text.Trim();
        for (int at = line.IndexOf(Name, StringComparison.Ordinal); at >= 0;
            at = line.IndexOf(Name, at + 1, StringComparison.Ordinal))
        {
            int start = at + Name.Length;
            int space = line.IndexOf(' ', start);
            entries.Add(CrashKernelEntry.Parse(space < 0 ? line[start..] : line[start..space]));
        }

        if (entries.Count == 0 && line.Length > 0 && !line.Contains(' ', StringComparison.Ordinal))
        {
            entries.Add(CrashKernelEntry.Parse(line));
        }

        return new CrashKernelLine(entries);
    }

    /// <summary>All <c>crashkernel=</c> of a command line, which may have none.</summary>
    public static CrashKernelLine OfCommandLine(string commandLine) =>
        commandLine.Contains(Name, StringComparison.Ordinal) ? Parse(commandLine) : new CrashKernelLine([]);

    /// <summary>The entry of a kind that counts, the last; null for none.</summary>
    public CrashKernelEntry? Last(CrashKernelKind kind)
    {
        CrashKernelEntry? last = null;
        foreach (CrashKernelEntry entry in Entries)
        {
            last = entry.Kind == kind ? entry : last;
        }

        return last;
    }

    /// <summary>What the kernel makes of it on a machine with so much RAM, before it looks for a free place.</summary>
    public CrashKernelOutcome On(ByteCount ram)
    {
        CrashKernelOutcome outcome;
        if (Last(CrashKernelKind.Main) is { } main)
        {
            outcome = Main(main, ram) with { Entry = main, Low = DefaultLow };
        }
        else if (Last(CrashKernelKind.High) is { } high)
        {
            outcome = High(high) with { Entry = high, High = true };
        }
        else
        {
            return new CrashKernelOutcome
            {
                Error = Entries.Count == 0
                    ? "there is no crashkernel="
                    : "there is neither a size without suffix nor one with ,high",
            };
        }

        if (outcome.Error is null)
        {
            outcome = outcome with
            {
                Cma = Last(CrashKernelKind.Cma)?.Size ?? ByteCount.Zero,
                Error = outcome.Size == ByteCount.Zero ? "the size comes to zero"
                    : outcome.Size >= ram ? $"{outcome.Size} are not less than the RAM"
                    : null,
            };
        }

        return outcome.Error is null ? outcome : new CrashKernelOutcome { Entry = outcome.Entry, Error = outcome.Error };
    }

    private static CrashKernelOutcome Main(CrashKernelEntry entry, ByteCount ram)
    {
        if (entry.Size is { } size)
        {
            return new CrashKernelOutcome { Size = size, Offset = entry.Offset };
        }

        ByteCount rounded = ram.AlignUp(RamRounding);
        foreach (CrashKernelRange range in entry.Ranges)
        {
            // The kernel checks each range up to the one that fits, also those that do not.
            if (range.Size >= rounded)
            {
                return new CrashKernelOutcome { Error = $"{range.Size} of a range are not less than the RAM, {rounded}" };
            }

            if (range.Contains(rounded))
            {
                return new CrashKernelOutcome
                {
                    Size = range.Size,
                    Offset = entry.Offset,
                    Error = range.Size == ByteCount.Zero ? "the range of this RAM asks for nothing"
                        : entry.Error == CrashKernelEntry.OffsetExpected ? entry.Error
                        : null,
                };
            }
        }

        return new CrashKernelOutcome { Error = entry.Error is { } error && error != CrashKernelEntry.OffsetExpected ? error : $"no range has {rounded} of RAM" };
    }

    private CrashKernelOutcome High(CrashKernelEntry high)
    {
        CrashKernelEntry? low = Last(CrashKernelKind.Low);
        return high.Error is { } error ? new CrashKernelOutcome { Error = error }
            : low?.Error is { } lowError ? new CrashKernelOutcome { Error = $"of the low part: {lowError}" }
            : new CrashKernelOutcome { Size = high.Size ?? ByteCount.Zero, Low = low is null ? DefaultLow : low.Size ?? ByteCount.Zero };
    }
}
