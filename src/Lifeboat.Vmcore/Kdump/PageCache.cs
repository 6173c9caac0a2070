using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>The pages unpacked last, a place for each by the low bits of its number.</summary>
internal sealed class PageCache : IDisposable
{
    private const int Places = 64;

    private readonly ulong[] _pages = new ulong[Places];
    private readonly NativeBuffer _bytes = new(Places * Pfn.PageSize);

    internal PageCache() => Array.Fill(_pages, ulong.MaxValue);

    internal bool TryGet(ulong pfn, out ReadOnlySpan<byte> page)
    {
        int place = (int)(pfn % Places);
        page = _pages[place] == pfn ? _bytes.Span.Slice(place * Pfn.PageSize, Pfn.PageSize) : default;
        return !page.IsEmpty;
    }

    /// <summary>The place for a page, to be filled, then confirmed.</summary>
    internal Span<byte> Reserve(ulong pfn)
    {
        int place = (int)(pfn % Places);
        _pages[place] = ulong.MaxValue;
        return _bytes.Span.Slice(place * Pfn.PageSize, Pfn.PageSize);
    }

    internal void Confirm(ulong pfn) => _pages[(int)(pfn % Places)] = pfn;

    public void Dispose() => _bytes.Dispose();
}
