using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reservation;

/// <summary>What is to be said of a <c>crashkernel=</c>: what it does that one might not expect, and what to do instead.</summary>
public static class CrashKernelAdvice
{
    private static readonly ByteCount FewStart = ByteCount.FromMiB(64);
    private static readonly ByteCount Alignment = ByteCount.FromMiB(16);
    private static readonly ByteCount FourGiB = ByteCount.FromMiB(4096);

    /// <summary>The advice, most important first; empty when all is well.</summary>
    /// <param name="line">What was read.</param>
    /// <param name="ram">The machine's RAM.</param>
    /// <param name="release">The release of the kernel that is to read it; null when unknown.</param>
    /// <param name="drill">The last drill; null when there was none.</param>
    public static IReadOnlyList<string> Of(CrashKernelLine line, ByteCount ram, string? release = null, LastDrill? drill = null)
    {
        var advice = new List<string>();
        CrashKernelOutcome outcome = line.On(ram);
        if (outcome.Error is { } error)
        {
            advice.Add($"Nothing is reserved: {error}");
        }

        if (outcome.Entry?.Text == "auto")
        {
            advice.Add("crashkernel=auto was one distribution's own: give a size, lifeboat crashkernel propose measures one");
        }

        AboutWhatCounts(line, outcome, release, advice);
        AboutRanges(outcome, ram, advice);
        AboutPlace(line, outcome, ram, advice);
        AboutSize(outcome, drill, advice);
        return advice;
    }

    private static void AboutWhatCounts(CrashKernelLine line, CrashKernelOutcome outcome, string? release, List<string> advice)
    {
        foreach (CrashKernelEntry entry in line.Entries)
        {
            if (!ReferenceEquals(line.Last(entry.Kind), entry))
            {
                advice.Add($"crashkernel={entry.Text} does not count: a later one of its kind is there");
            }
            else if (outcome.Entry is { Kind: CrashKernelKind.Main } main && entry.Kind is CrashKernelKind.High or CrashKernelKind.Low)
            {
                advice.Add($"crashkernel={entry.Text} does not count beside crashkernel={main.Text}: "
                    + "high and low go with each other only");
            }
            else if (entry.Kind == CrashKernelKind.Low && outcome.Entry is null)
            {
                advice.Add($"crashkernel={entry.Text} alone reserves nothing: it goes with a size and ,high");
            }

            if (entry.Ignored.Length > 0)
            {
                advice.Add($"the kernel does not look at \"{entry.Ignored}\" in crashkernel={entry.Text}");
            }

            if (entry.Kind == CrashKernelKind.Cma)
            {
                advice.Add("the dump leaves out what processes have in memory lent by CMA, and a transfer that a device began before "
                    + "the crash may still write there: use it for dumps without user pages, and load with kexec_file_load");
                if (IsBefore617(release))
                {
                    advice.Add($"{release} does not know ,cma (Linux 6.17 does): it takes crashkernel={entry.Text} for a size that does "
                        + "not read, and when it is the last of them reserves nothing at all");
                }
            }
        }
    }

    private static void AboutRanges(CrashKernelOutcome outcome, ByteCount ram, List<string> advice)
    {
        IReadOnlyList<CrashKernelRange> ranges = outcome.Entry?.Ranges ?? [];
        ByteCount rounded = ram.AlignUp(CrashKernelLine.RamRounding);
        for (int i = 0; i < ranges.Count; i++)
        {
            if (ranges[i].Contains(rounded) != ranges[i].Contains(ram))
            {
                advice.Add($"RAM of {ram} counts as {rounded}, a multiple of {CrashKernelLine.RamRounding}, which decides the range");
                break;
            }
        }

        for (int i = 1; i < ranges.Count; i++)
        {
            CrashKernelRange before = ranges[i - 1];
            if (before.To is not { } end || ranges[i].From < end)
            {
                advice.Add($"the ranges from {before.From} and from {ranges[i].From} overlap: the first that fits counts");
            }
            else if (ranges[i].From > end)
            {
                advice.Add($"machines with RAM from {end} to {ranges[i].From} reserve nothing");
            }
        }
    }

    private static void AboutPlace(CrashKernelLine line, CrashKernelOutcome outcome, ByteCount ram, List<string> advice)
    {
        if (outcome.Error is not null)
        {
            return;
        }

        if (outcome.Offset is { } offset)
        {
            advice.Add(offset.IsAligned(Alignment)
                ? $"at a fixed address nothing is reserved when anything lies there, and KASLR may put the kernel there: leave @{offset} "
                    + "out unless a device needs it"
                : $"@{offset} is no multiple of {Alignment}: the kernel finds no place there and reserves nothing (before Linux 6.6 a "
                    + "multiple of 1 MiB was enough)");
        }

        if (outcome.High && outcome.Low == ByteCount.Zero)
        {
            advice.Add("without a low part, devices that reach only 4 GiB do not work in the capture kernel, and neither does swiotlb");
        }
        else if (outcome.High && line.Last(CrashKernelKind.Low) is null && ram > FourGiB)
        {
            advice.Add($"{outcome.Low} are reserved below 4 GiB in addition (or more, where swiotlb is larger); "
                + "crashkernel=SIZE,low says another size");
        }

        if (outcome.High && ram <= FourGiB)
        {
            advice.Add("a machine with no RAM above 4 GiB reserves it below all the same: ,high does nothing");
        }
    }

    private static void AboutSize(CrashKernelOutcome outcome, LastDrill? drill, List<string> advice)
    {
        if (outcome.Error is not null)
        {
            return;
        }

        if (drill?.MinimumBytes is { } least && outcome.Size.Value < least)
        {
            advice.Add($"{outcome.Size} are too small: the last drill, of {drill.KernelRelease}, needed {new ByteCount(least)}");
        }
        else if (outcome.Size < FewStart)
        {
            advice.Add($"{outcome.Size} are too small: few kernels start in less than {FewStart} with a ramdisk. "
                + "lifeboat crashkernel propose measures what this one needs");
        }
    }

    private static bool IsBefore617(string? release) =>
        release?.Split('.', '-') is [var major, var minor, ..]
            && int.TryParse(major, out int first) && int.TryParse(minor, out int second)
            && (first < 6 || (first == 6 && second < 17));
}
