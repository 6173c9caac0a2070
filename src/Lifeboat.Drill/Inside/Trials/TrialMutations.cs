using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Drill.Inside.Trials;

/// <summary>Moves one thing of a call onto, beside or over a boundary.</summary>
internal sealed class TrialMutations(Random random, KexecEnvironment environment, TrialMemory memory)
{
    private const ulong Page = Pfn.PageSize;

    private readonly ulong _start = environment.Reservation?.Start.Value ?? 0;
    private readonly ulong _end = environment.Reservation?.End.Value ?? 0;
    private readonly ulong _half = (environment.TotalRam?.Value ?? 0) / Page / 2;

    /// <summary>Does it.</summary>
    internal void Apply(KexecTrial trial)
    {
        TrialSegment segment = trial.Segments[random.Next(trial.Segments.Count)];
        // Numbers that do not fit begin again at zero, here as in the kernel.
        unchecked
        {
            switch (random.Next(19))
            {
                case 0:
                    trial.Entry = Pick([0, 1, _start - 1, _start, _start + 1, _end - 1, _end, ulong.MaxValue, Any()]);
                    break;
                case 1:
                    segment.Memory += Pick([1, 0x10, 0x800, Page - 1]);
                    break;
                case 2:
                    segment.MemorySize += Pick([1, 0x10, 0x800, Page - 1, 0UL - 1]);
                    break;
                case 3:
                    segment.MemorySize = Pick([0UL - segment.Memory, 0UL - segment.Memory + Page,
                        0UL - segment.Memory - Page, 0UL - Page, ulong.MaxValue, 0UL - segment.Memory - 1]);
                    break;
                case 4:
                    Limit(segment);
                    break;
                case 5:
                    Overlap(trial, segment);
                    break;
                case 6:
                    segment.BufferSize = Pick([segment.MemorySize, segment.MemorySize + 1, segment.MemorySize - 1,
                        ulong.MaxValue, 1UL << 40, 5 * Page]);
                    break;
                case 7:
                    segment.MemorySize = (_half + Pick([0, 1, 0UL - 1, 2])) * Page;
                    segment.Memory = Pick([segment.Memory, 4UL << 30, _start]);
                    break;
                case 8:
                    Sum(trial);
                    break;
                case 9:
                    segment.Memory = Pick([_start - Page, _start, _end - segment.MemorySize,
                        _end - segment.MemorySize + Page, _end, _end - Page, 0, _start - segment.MemorySize]);
                    break;
                case 10:
                    trial.Flags ^= Pick([2, 4, 8, 0x10, 0x8000, 1UL << random.Next(16), 1UL << (32 + random.Next(32)), 1]);
                    break;
                case 11:
                    trial.Flags = (trial.Flags & ~0xFFFF0000UL) | (Pick([0, 62, 3, 183, 0xFFFF, 1, 50, 62, 0]) << 16);
                    break;
                case 12:
                    trial.Told = Pick([0, 0, 16, 17, 18, 1UL << 32, ulong.MaxValue, (ulong)trial.Segments.Count]);
                    break;
                case 13:
                    trial.List = Pick([0, TrialMemory.KernelAddress, TrialMemory.NoAddress, memory.End,
                        memory.End - (trial.Count * TrialSegment.Size) + 16, memory.End - 8, ulong.MaxValue - 15]);
                    break;
                case 14:
                    segment.MemorySize = 0;
                    segment.BufferSize = Pick([0, 0, 0, 1]);
                    segment.Memory = Pick([segment.Memory, _end, _end + Page, _start, 0, _start - Page]);
                    break;
                case 15:
                    segment.Buffer = Pick([0, TrialMemory.KernelAddress, TrialMemory.NoAddress, memory.End,
                        memory.End - segment.BufferSize, memory.End - segment.BufferSize + 1, memory.End - 1, ulong.MaxValue]);
                    break;
                case 16:
                    Fill(trial);
                    break;
                case 17:
                    Gaps(trial);
                    break;
                default:
                    trial.Segments.Add(new TrialSegment
                    {
                        Buffer = memory.Contents,
                        BufferSize = 1,
                        Memory = segment.Memory + segment.MemorySize,
                        MemorySize = Page,
                    });
                    break;
            }
        }
    }

    private void Limit(TrialSegment segment)
    {
        ulong limit = 1UL << PickBit([46, 52, 47, 57, 63]);
        segment.Memory = unchecked(limit + Pick([0, 0UL - Page, 0UL - segment.MemorySize, Page,
            0UL - segment.MemorySize - Page, 0UL - segment.MemorySize + Page]));
    }

    private void Overlap(KexecTrial trial, TrialSegment segment)
    {
        TrialSegment other = trial.Segments[random.Next(trial.Segments.Count)];
        other.Memory = unchecked(segment.Memory + Pick([segment.MemorySize, segment.MemorySize - Page,
            0UL - other.MemorySize, 0UL - other.MemorySize + Page, 0]));
    }

    /// <summary>Two segments that take half of the RAM together, or one page more or less.</summary>
    private void Sum(KexecTrial trial)
    {
        ulong one = (ulong)random.NextInt64((long)_half + 1);
        trial.Segments.Clear();
        ulong place = Pick([4UL << 30, _start]);
        for (int i = 0; i < 2; i++)
        {
            ulong pages = i == 0 ? one : unchecked(_half - one + Pick([0, 1, 0UL - 1]));
            trial.Segments.Add(new TrialSegment { Memory = place, MemorySize = pages * Page, Buffer = memory.Contents, BufferSize = 1 });
            place = unchecked(place + (pages * Page));
        }
    }

    /// <summary>One segment that leaves of the reservation about what the kernel needs for itself.</summary>
    private void Fill(KexecTrial trial)
    {
        ulong below = (ulong)random.Next(12) * Page;
        ulong above = (ulong)random.Next(12) * Page;
        trial.Segments.Clear();
        trial.Entry = _start;
        trial.Segments.Add(new TrialSegment
        {
            Memory = _start + below,
            MemorySize = unchecked(_end - above - (_start + below)),
            Buffer = memory.Contents,
            BufferSize = Pick([0, 1, Page]),
        });
    }

    /// <summary>Segments with gaps of one to three pages between them, over all of the reservation.</summary>
    private void Gaps(KexecTrial trial)
    {
        trial.Segments.Clear();
        trial.Entry = _start;
        ulong place = _start + ((ulong)random.Next(4) * Page);
        for (int left = 1 + random.Next(15); left >= 0; left--)
        {
            ulong end = left == 0 ? unchecked(_end - ((ulong)random.Next(4) * Page)) : place + ((1 + (ulong)random.Next(4)) * Page);
            trial.Segments.Add(new TrialSegment
            {
                Memory = place,
                MemorySize = unchecked(end - place),
                Buffer = memory.Contents,
                BufferSize = Pick([0, 1, Page]),
            });
            place = unchecked(end + ((ulong)random.Next(4) * Page));
        }
    }

    private ulong Pick(ReadOnlySpan<ulong> choices) => choices[random.Next(choices.Length)];

    private int PickBit(ReadOnlySpan<int> choices) => choices[random.Next(choices.Length)];

    private ulong Any() => unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue));
}
