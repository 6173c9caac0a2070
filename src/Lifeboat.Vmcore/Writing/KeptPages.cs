namespace Lifeboat.Vmcore.Writing;

/// <summary>Deals out the kept pages of a part, upwards, a block at a time.</summary>
internal sealed class KeptPages(IKeptWindows windows, PagePart part)
{
    private readonly KeptRuns _runs = new(windows);
    private ulong _left = part.Selected;
    private ulong _start = part.Start;
    private ulong _stop = part.Start;

    /// <summary>Names the next pages in an empty block; false when there are none.</summary>
    internal bool TryFill(PageBlock block)
    {
        while (block.Wanted < PageBlock.Capacity && _left > 0)
        {
            if (_start == _stop && !_runs.TryFind(_stop, part.End, out _start, out _stop))
            {
                break;
            }

            int count = (int)Math.Min(Math.Min(_stop - _start, _left), (ulong)(PageBlock.Capacity - block.Wanted));
            block.Want(new PageRun(_start, count));
            _start += (ulong)count;
            _left -= (ulong)count;
        }

        return block.Wanted > 0;
    }
}
