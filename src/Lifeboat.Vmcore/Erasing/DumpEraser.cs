using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Erasing;

/// <summary>Overwrites bytes of physical memory on their way into a dump.</summary>
/// <remarks>
/// <para><b>Hot path.</b> A binary search a page; a page without such bytes is not copied.</para>
/// <para><b>Thread safety.</b> It does not change.</para>
/// </remarks>
public sealed class DumpEraser
{
    /// <summary>What stands there afterwards: makedumpfile's <c>X</c>.</summary>
    public const byte Fill = (byte)'X';

    private readonly ulong[] _starts;
    private readonly ulong[] _ends;

    /// <summary>An eraser.</summary>
    /// <param name="ranges">What it erases; they may overlap and come in any order.</param>
    /// <param name="notices">What could not be found to erase it: whoever reads the dump should know.</param>
    public DumpEraser(IReadOnlyList<ErasedRange> ranges, IReadOnlyList<Diagnostic> notices)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        ArgumentNullException.ThrowIfNull(notices);
        (Ranges, Notices) = (ranges, notices);
        Info = EraseInfo.ToText(ranges);
        ulong[] starts = new ulong[ranges.Count];
        ulong[] ends = new ulong[ranges.Count];
        for (int i = 0; i < starts.Length; i++)
        {
            (starts[i], ends[i]) = (ranges[i].Range.Start.Value, ranges[i].Range.End.Value);
        }

        Array.Sort(starts, ends);
        int count = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            if (starts[i] == ends[i])
            {
                continue;
            }

            if (count > 0 && starts[i] <= ends[count - 1])
            {
                ends[count - 1] = Math.Max(ends[count - 1], ends[i]);
                continue;
            }

            (starts[count], ends[count]) = (starts[i], ends[i]);
            count++;
        }

        _starts = starts[..count];
        _ends = ends[..count];
        for (int i = 0; i < count; i++)
        {
            Bytes += new ByteCount(_ends[i] - _starts[i]);
        }
    }

    /// <summary>The ranges as they were given.</summary>
    public IReadOnlyList<ErasedRange> Ranges { get; }

    /// <summary>What could not be found to erase it.</summary>
    public IReadOnlyList<Diagnostic> Notices { get; }

    /// <summary>Bytes in all of them, each once.</summary>
    public ByteCount Bytes { get; }

    /// <summary>What the dump will say of them.</summary>
    internal ReadOnlyMemory<byte> Info { get; }

    /// <summary>Whether all bytes of a range are among those that are erased.</summary>
    public bool Covers(PhysicalRange range)
    {
        int index = Array.BinarySearch(_starts, range.Start.Value);
        index = index >= 0 ? index : ~index - 1;
        return range.IsEmpty || (index >= 0 && range.End.Value <= _ends[index]);
    }

    /// <summary>The bytes of a page as they go into the dump.</summary>
    /// <param name="address">Where the page begins.</param>
    /// <param name="page">Its bytes, which stay as they are.</param>
    /// <param name="copy">Takes the page when there is something to erase in it; as long as the page.</param>
    /// <returns>The page itself, or the copy.</returns>
    internal ReadOnlySpan<byte> Clean(PhysicalAddress address, ReadOnlySpan<byte> page, Span<byte> copy)
    {
        ulong start = address.Value;
        int index = Array.BinarySearch(_starts, start);
        index = index >= 0 ? index : Math.Max(0, ~index - 1);
        bool isCopied = false;
        for (; index < _starts.Length && (_starts[index] < start || _starts[index] - start < (ulong)page.Length); index++)
        {
            if (_ends[index] <= start)
            {
                continue;
            }

            if (!isCopied)
            {
                page.CopyTo(copy);
                isCopied = true;
            }

            int from = (int)(Math.Max(_starts[index], start) - start);
            int to = (int)Math.Min(_ends[index] - start, (ulong)page.Length);
            copy[from..to].Fill(Fill);
        }

        return isCopied ? copy[..page.Length] : page;
    }
}
