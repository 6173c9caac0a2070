using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Planning;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Drill.Inside.Trials;

/// <summary>One raw call of kexec_load: what is handed over, and the same as the rules see it.</summary>
internal sealed class KexecTrial
{
    internal ulong Entry { get; set; }

    internal List<TrialSegment> Segments { get; } = [];

    /// <summary>The number of segments that the kernel is told; null for as many as there are.</summary>
    internal ulong? Told { get; set; }

    /// <summary>Where the list of segments is; null for where it was put.</summary>
    internal ulong? List { get; set; }

    /// <summary>The flags, all 64 bits.</summary>
    internal ulong Flags { get; set; }

    internal ulong Count => Told ?? (ulong)Segments.Count;

    internal bool IsForCrash => (Flags & 1) != 0;

    /// <summary>The call as the rules see it.</summary>
    internal KexecLoadCall ToCall(TrialMemory memory)
    {
        ulong list = List ?? memory.Start;
        bool sane = Count <= 16 && Count <= (ulong)Segments.Count;
        bool readable = sane && memory.IsReadable(list, Count * TrialSegment.Size);
        var segments = new List<KexecCallSegment>();
        for (int i = 0; readable && i < (int)Count; i++)
        {
            TrialSegment segment = Segments[i];
            segments.Add(new KexecCallSegment(
                $"{i}", new ByteCount(segment.BufferSize), new PhysicalAddress(segment.Memory), new ByteCount(segment.MemorySize))
            {
                ContentReadable = memory.IsReadable(segment.Buffer, segment.BufferSize),
            });
        }

        return new KexecLoadCall
        {
            EntryPoint = new PhysicalAddress(Entry),
            Segments = segments,
            ToldSegments = Count,
            SegmentsReadable = readable,
            Flags = (KexecLoadFlags)unchecked((uint)Flags),
        };
    }

    /// <summary>The call for a person.</summary>
    public override string ToString()
    {
        var text = new System.Text.StringBuilder($"entry=0x{Entry:x} flags=0x{Flags:x} count={Count}");
        if (List is { } list)
        {
            text.Append($" list=0x{list:x}");
        }

        foreach (TrialSegment segment in Segments)
        {
            text.Append($" [0x{segment.Memory:x}+0x{segment.MemorySize:x} from 0x{segment.Buffer:x}+0x{segment.BufferSize:x}]");
        }

        return text.ToString();
    }
}
