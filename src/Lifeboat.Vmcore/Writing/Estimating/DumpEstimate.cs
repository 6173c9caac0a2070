using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Writing.Estimating;

/// <summary>How large a dump would be, at the level that was asked about and at every other.</summary>
/// <remarks>
/// Pages are counted, all of them; what they pack to is the mean of a sample of each class. A machine that runs changes
/// while it is counted.
/// </remarks>
public sealed class DumpEstimate
{
    private readonly ulong _fixedSize;
    private readonly bool _isElf;

    internal DumpEstimate(
        DumpLevel level, IReadOnlyList<ClassEstimate> classes, PageCounts counts, ulong fixedSize, bool isElf,
        IReadOnlyList<Diagnostic> notices)
    {
        (Level, Classes, Pages, _fixedSize, _isElf, Notices) = (level, classes, counts, fixedSize, isElf, notices);
    }

    /// <summary>The level that was asked about.</summary>
    public DumpLevel Level { get; }

    /// <summary>The pages by class, as writing the dump would count them.</summary>
    public PageCounts Pages { get; }

    /// <summary>What there is of each class, whatever the level.</summary>
    public IReadOnlyList<ClassEstimate> Classes { get; }

    /// <summary>The size at <see cref="Level"/>.</summary>
    public ByteCount Size => SizeAt(Level);

    /// <summary>What no dump of this machine is larger than: all of its pages, none of which packs.</summary>
    public ByteCount Largest =>
        new(_fixedSize + (Pages.Total * (Pfn.PageSize + (_isElf ? 0UL : PageDescriptor.Size))));

    /// <summary>How long counting all pages by class took; zero when it was not measured.</summary>
    public TimeSpan CountingTime { get; internal init; }

    /// <summary>What is told of the dump: classes that cannot be told apart.</summary>
    public IReadOnlyList<Diagnostic> Notices { get; }

    /// <summary>The size that a dump at <paramref name="level"/> would have.</summary>
    public ByteCount SizeAt(DumpLevel level)
    {
        double size = _fixedSize;
        foreach (ClassEstimate pages in Classes)
        {
            if (!pages.IsLeftOutAt(level))
            {
                size += pages.BytesWhenKept(level, _isElf);
            }
        }

        return new ByteCount((ulong)size);
    }
}
