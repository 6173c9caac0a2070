using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Drill.Inside.Trials;

/// <summary>
/// Makes calls around every boundary that the rules name: a sound one each time, then up to three things in it that are
/// moved onto, beside or over a boundary. The same seed and machine give the same calls.
/// </summary>
internal sealed class KexecTrialMaker
{
    private const ulong Page = Pfn.PageSize;

    /// <summary>What a reboot's image may take: the kernel copies it to pages of its own.</summary>
    private const ulong MaxCopiedPages = 1024;

    private readonly Random _random;
    private readonly TrialMutations _mutations;
    private readonly KexecEnvironment _environment;
    private readonly TrialMemory _memory;

    internal KexecTrialMaker(int seed, KexecEnvironment environment, TrialMemory memory)
    {
        _random = new Random(seed);
        _environment = environment;
        _memory = memory;
        _mutations = new TrialMutations(_random, environment, memory);
    }

    /// <summary>The next call.</summary>
    internal KexecTrial Next()
    {
        KexecTrial trial = Sound();
        for (int count = _random.Next(10) switch { 0 => 0, < 7 => 1, < 9 => 2, _ => 3 }; count > 0; count--)
        {
            _mutations.Apply(trial);
        }

        Complete(trial);
        Tame(trial);
        return trial;
    }

    /// <summary>What the kernel reads must be what the rules see.</summary>
    private void Complete(KexecTrial trial)
    {
        while (trial.Count <= 16 && (ulong)trial.Segments.Count < trial.Count)
        {
            trial.Segments.Add(new TrialSegment { Memory = trial.Segments[0].Memory });
        }

        if (trial.List is { } list && trial.Count <= 16 && _memory.IsReadable(list, trial.Count * TrialSegment.Size))
        {
            trial.List = null;
        }
    }

    private KexecTrial Sound()
    {
        bool crash = _random.Next(100) < 65;
        var trial = new KexecTrial
        {
            Flags = (crash ? 1UL : 0) | (_random.Next(2) == 0 ? 62UL << 16 : 0),
        };
        int count = _random.Next(20) == 0 ? 16 : 1 + _random.Next(4);
        PhysicalRange reservation = _environment.Reservation ?? default;
        ulong start = crash && !reservation.IsEmpty ? reservation.Start.Value : 64UL << 20;
        ulong slot = (crash && !reservation.IsEmpty ? reservation.Length.Value : 64UL << 20) / (ulong)count / Page;
        for (int i = 0; i < count; i++)
        {
            ulong pages = 1 + (ulong)_random.Next(6);
            ulong first = ((ulong)i * slot) + (ulong)_random.NextInt64((long)(slot - pages));
            ulong content = _random.Next(4) switch
            {
                0 => 0,
                1 => 1,
                2 => Math.Min(pages, TrialMemory.ContentPages) * Page,
                _ => (ulong)_random.NextInt64((long)(Math.Min(pages, TrialMemory.ContentPages) * Page)),
            };
            trial.Segments.Add(new TrialSegment
            {
                Buffer = _memory.Contents,
                BufferSize = content,
                Memory = start + (first * Page),
                MemorySize = pages * Page,
            });
        }

        trial.Entry = trial.Segments[0].Memory;
        for (int i = count - 1; i > 0; i--)
        {
            int other = _random.Next(i + 1);
            (trial.Segments[i], trial.Segments[other]) = (trial.Segments[other], trial.Segments[i]);
        }

        return trial;
    }

    /// <summary>
    /// A call that the kernel would take and that takes it long, or takes the guest's memory, gets a buffer that cannot
    /// be read: the kernel says so after all checks and before the work.
    /// </summary>
    private void Tame(KexecTrial trial)
    {
        KexecLoadCall call = trial.ToCall(_memory);
        ulong pages = 0;
        foreach (TrialSegment segment in trial.Segments)
        {
            pages = unchecked(pages + (segment.MemorySize / Page));
        }

        if (pages <= MaxCopiedPages || (trial.IsForCrash && _random.Next(20) == 0)
            || KexecRules.Predict(call, _environment) is not (Core.Linux.Errno.None or Core.Linux.Errno.EFAULT))
        {
            return;
        }

        foreach (TrialSegment segment in trial.Segments)
        {
            if (segment.MemorySize > 0)
            {
                segment.Buffer = 0;
                segment.BufferSize = Math.Max(1, segment.BufferSize);
                return;
            }
        }
    }
}
