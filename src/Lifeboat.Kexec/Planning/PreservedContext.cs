using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Planning;

/// <summary>
/// A kernel that is to be returned to: the jump exchanges every page of a segment with a page kept elsewhere, so whatever memory
/// the next kernel has must be a segment, even where nothing is loaded.
/// </summary>
internal static class PreservedContext
{
    /// <summary>The name of segments without content.</summary>
    internal const string Segment = "memory of the next kernel";

    private static readonly PhysicalRange LowMemory = new(PhysicalAddress.Zero, new PhysicalAddress(640 << 10));

    /// <summary>RAM up to <paramref name="end"/> only, and what the firmware keeps.</summary>
    internal static IReadOnlyList<E820Entry> Map(MachineDescription machine, PhysicalAddress end)
    {
        var bounds = new PhysicalRange(PhysicalAddress.Zero, end);
        var map = new List<E820Entry>();
        foreach (E820Entry entry in RebootMemory.Map(machine))
        {
            PhysicalRange kept = entry.Type == E820Type.Ram ? entry.Range.Intersect(bounds) : entry.Range;
            if (!kept.IsEmpty)
            {
                map.Add(entry with { Range = kept });
            }
        }

        return map;
    }

    /// <summary>Segments for all memory of the next kernel that has none yet.</summary>
    internal static IEnumerable<LoadSegment> Segments(MachineDescription machine, IReadOnlyList<PhysicalRange> holes)
    {
        // The first 640 KiB too: the next kernel starts its CPUs there.
        List<PhysicalRange> all = [.. holes];
        foreach (PhysicalRange range in machine.Ram)
        {
            PhysicalRange low = range.Intersect(LowMemory);
            PhysicalAddress start = low.Start.AlignUp(ByteCount.Page);
            PhysicalAddress end = low.End.AlignDown(ByteCount.Page);
            if (end > start)
            {
                all.Add(new PhysicalRange(start, end));
            }
        }

        foreach (PhysicalRange hole in all)
        {
            yield return new LoadSegment(Segment, hole, ReadOnlyMemory<byte>.Empty);
        }
    }
}
