using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Writes packed pages and their descriptors, in the order of the pages.</summary>
internal sealed class PageDataWriter : IPageWriter
{
    private readonly DumpOutput _file;
    private readonly PageTally _tally;
    private readonly DumpStatus _codec;
    private readonly byte[] _descriptors = new byte[PageBlock.Capacity * PageDescriptor.Size];
    private readonly PageDescriptor _zeroPage;
    private FileOffset _nextDescriptor;
    private FileOffset _nextData;

    internal PageDataWriter(
        DumpOutput file, KdumpFilePlan plan, ulong pages, PageTally tally, bool shareZeroPages)
    {
        _file = file;
        _tally = tally;
        _codec = plan.Codec;
        _nextDescriptor = plan.Descriptors;
        _nextData = plan.Descriptors + new ByteCount(pages * PageDescriptor.Size);

        // The table is there from the start, all zeros: a page that never gets written has no offset.
        file.SetLength(new ByteCount(_nextData.Value));
        if (shareZeroPages)
        {
            _zeroPage = new PageDescriptor { Offset = _nextData.Value, Length = Pfn.PageSize };
            file.WriteAt(_nextData, new byte[Pfn.PageSize]);
            _nextData += ByteCount.Page;
        }
    }

    /// <inheritdoc/>
    public ByteCount FileSize => new(_nextData.Value);

    public void Write(PageBlock block)
    {
        ulong offset = _nextData.Value;
        for (int i = 0; i < block.Count; i++)
        {
            int length = block.Lengths[i];
            PageDescriptor descriptor = _zeroPage;
            if (length == PageBlock.Missing)
            {
                descriptor = default;
            }
            else if (length == 0)
            {
                _tally.Zero++;
            }
            else
            {
                descriptor = new PageDescriptor
                {
                    Offset = offset,
                    Length = (uint)length,
                    Codec = length == Pfn.PageSize ? DumpStatus.None : _codec,
                };
                offset += (ulong)length;
            }

            descriptor.WriteTo(_descriptors.AsSpan(i * PageDescriptor.Size));
        }

        // The data first: a descriptor never points at bytes that did not reach the file.
        _file.WriteAt(_nextData, block.Packed);
        int written = block.Count * PageDescriptor.Size;
        _file.WriteAt(_nextDescriptor, _descriptors.AsSpan(0, written));
        _nextData = new FileOffset(offset);
        _nextDescriptor += new ByteCount((ulong)written);
    }
}
