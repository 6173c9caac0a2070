namespace Lifeboat.Vmcore.Kdump;

/// <summary>
/// Finds a page's place in the descriptor table: the number of bits set in the 2nd bitmap before its own. Counts are
/// kept for every 4 KiB of bitmap (128 MiB of memory), 8 bytes each, as far as pages were looked up.
/// </summary>
internal sealed class DescriptorIndex(PageBitmap bitmap)
{
    private readonly List<ulong> _before = [0];

    /// <summary>The index of the descriptor of a page whose bit is set.</summary>
    internal ulong Find(ulong pfn)
    {
        int block = (int)(pfn / PageBitmap.BlockBits);
        while (_before.Count <= block)
        {
            int last = _before.Count - 1;
            _before.Add(_before[last] + (ulong)bitmap.CountBits((ulong)last, PageBitmap.BlockBits));
        }

        return _before[block] + (ulong)bitmap.CountBits((ulong)block, (int)(pfn % PageBitmap.BlockBits));
    }
}
