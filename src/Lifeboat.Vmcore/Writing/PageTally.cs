using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Counts pages by class while they go by.</summary>
internal sealed class PageTally
{
    private readonly ulong[] _excluded = new ulong[(int)PageClass.Offline + 1];

    internal ulong Total { get; set; }

    /// <summary>Pages whose bit is set in the 2nd bitmap: kept and zero.</summary>
    internal ulong Selected { get; set; }

    internal ulong Zero { get; set; }

    internal ulong Unreadable { get; set; }

    /// <summary>Unreadable pages whose bit is set all the same.</summary>
    internal ulong Missing { get; set; }

    internal void AddExcluded(PageClass pageClass) => _excluded[(int)pageClass]++;

    internal void AddExcluded(PageClass pageClass, ulong pages) => _excluded[(int)pageClass] += pages;

    /// <summary>Adds what another one counted.</summary>
    internal void Add(PageTally other)
    {
        Total += other.Total;
        Selected += other.Selected;
        Zero += other.Zero;
        Unreadable += other.Unreadable;
        Missing += other.Missing;
        for (int i = 0; i < _excluded.Length; i++)
        {
            _excluded[i] += other._excluded[i];
        }
    }

    internal PageCounts ToCounts() => new()
    {
        Total = Total,
        Kept = Selected - Zero - Missing,
        Zero = Zero,
        Free = _excluded[(int)PageClass.Free],
        Cache = _excluded[(int)PageClass.Cache],
        PrivateCache = _excluded[(int)PageClass.PrivateCache],
        User = _excluded[(int)PageClass.User],
        HardwarePoison = _excluded[(int)PageClass.HardwarePoison],
        Offline = _excluded[(int)PageClass.Offline],
        Unreadable = Unreadable,
    };
}
