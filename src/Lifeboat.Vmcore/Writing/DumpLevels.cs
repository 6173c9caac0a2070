namespace Lifeboat.Vmcore.Writing;

/// <summary>The dump levels that are worth their while.</summary>
public static class DumpLevels
{
    // Upwards: everything, without zeros, without free pages, without caches, the kernel's own alone.
    private static readonly DumpLevel[] Usual =
    [
        DumpLevel.None,
        DumpLevel.Zero,
        DumpLevel.Zero | DumpLevel.Free,
        DumpLevel.Zero | DumpLevel.Free | DumpLevel.Cache | DumpLevel.PrivateCache,
        DumpLevel.All,
    ];

    /// <summary>Whether it is one of the levels in use: 0, 1, 17, 23, 31.</summary>
    public static bool IsUsual(DumpLevel level)
    {
        foreach (DumpLevel usual in Usual)
        {
            if (level == usual)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What to go on at, in this order, when a dump at <paramref name="level"/> does not fit
    /// (<see cref="DumpWriteOptions.RaiseTo"/>): without zeros and free pages too, then without both caches too, then
    /// the kernel's own alone.
    /// </summary>
    /// <returns>Levels that leave out more than the one before; none above <see cref="DumpLevel.All"/>.</returns>
    public static IReadOnlyList<DumpLevel> Above(DumpLevel level)
    {
        var above = new List<DumpLevel>();
        DumpLevel last = level & DumpLevel.All;
        foreach (DumpLevel usual in Usual)
        {
            // Zeros alone are the smaller half of a step: a disk that is full wants more.
            if (usual.HasFlag(DumpLevel.Free) && (last | usual) != last)
            {
                last |= usual;
                above.Add(last);
            }
        }

        return above;
    }
}
