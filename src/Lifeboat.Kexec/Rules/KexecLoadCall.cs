using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Rules;

/// <summary>One call of kexec_load, sound or not.</summary>
public sealed record KexecLoadCall
{
    /// <summary>Where the new kernel starts.</summary>
    public PhysicalAddress EntryPoint { get; init; }

    /// <summary>The segments; none when they cannot be read or are not worth reading.</summary>
    public IReadOnlyList<KexecCallSegment> Segments { get; init; } = [];

    /// <summary>
    /// The number of segments the kernel is told (nr_segments); null for as many as there are.
    /// </summary>
    public ulong? ToldSegments { get; init; }

    /// <summary>Whether the array of segments can be read.</summary>
    public bool SegmentsReadable { get; init; } = true;

    /// <summary>The flags. The kernel looks at 32 bits and ignores those above.</summary>
    public KexecLoadFlags Flags { get; init; }

    /// <summary>Whether it is about the image for a crash, and not about the one for a reboot.</summary>
    public bool IsForCrash => Flags.HasFlag(KexecLoadFlags.OnCrash);

    /// <summary>Whether it unloads: it has no segments.</summary>
    public bool Unloads => SegmentCount == 0;

    /// <summary>What the kernel is told.</summary>
    internal ulong SegmentCount => ToldSegments ?? (ulong)Segments.Count;

    /// <summary>The call that loads <paramref name="plan"/>.</summary>
    public static KexecLoadCall Of(LoadPlan plan)
    {
        var segments = new List<KexecCallSegment>(plan.Segments.Count);
        foreach (LoadSegment segment in plan.Segments)
        {
            segments.Add(new KexecCallSegment(
                segment.Name, new ByteCount((ulong)segment.Content.Length), segment.Range.Start, segment.Range.Length));
        }

        return new KexecLoadCall { EntryPoint = plan.EntryPoint, Segments = segments, Flags = plan.Flags };
    }
}
