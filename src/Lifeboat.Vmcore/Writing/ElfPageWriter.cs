using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Writes the pages of an ELF dump one after the other; pages of zeros are holes in the file.</summary>
internal sealed class ElfPageWriter(DumpOutput output, FileOffset start, PageTally tally) : IPageWriter
{
    private ulong _next = start.Value;

    /// <inheritdoc/>
    public ByteCount FileSize => new(_next);

    /// <inheritdoc/>
    public void Write(PageBlock block)
    {
        int packed = 0;
        for (int i = 0; i < block.Count;)
        {
            int count = 0;
            while (i + count < block.Count && block.Lengths[i + count] != 0)
            {
                count++;
            }

            if (count > 0)
            {
                int length = count * Pfn.PageSize;
                output.WriteAt(new FileOffset(_next), block.Packed.Slice(packed, length));
                packed += length;
                _next += (ulong)length;
                i += count;
                continue;
            }

            tally.Zero++;
            _next += Pfn.PageSize;
            i++;
        }
    }
}
