using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>The pages unpacked last, a place for each by the low bits of its number.</summary>
internal sealed class PageCache : IDisposable
{
    private const int Bytes = 64 * Pfn.PageSize;

    private readonly int _pageSize;
    private readonly ulong[] _pages;
    private readonly NativeBuffer _bytes = new(Bytes);

    internal PageCache(int pageSize)
    {
        _pageSize = pageSize;
        _pages = new ulong[Bytes / pageSize];
        Array.Fill(_pages, ulong.MaxValue);
    }

    internal bool TryGet(ulong pfn, out ReadOnlySpan<byte> page)
    {
        int place = Place(pfn);
        page = _pages[place] == pfn ? _bytes.Span.Slice(place * _pageSize, _pageSize) : default;
        return !page.IsEmpty;
    }

    /// <summary>The place for a page, to be filled, then confirmed.</summary>
    internal Span<byte> Reserve(ulong pfn)
    {
        int place = Place(pfn);
        _pages[place] = ulong.MaxValue;
        return _bytes.Span.Slice(place * _pageSize, _pageSize);
    }

    internal void Confirm(ulong pfn) => _pages[Place(pfn)] = pfn;

    public void Dispose() => _bytes.Dispose();

    private int Place(ulong pfn) => (int)(pfn % (ulong)_pages.Length);
}
