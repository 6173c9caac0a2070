using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>
/// Holds the parts of a kdump-compressed file against each other: the header's counts, the bitmaps, the table of
/// descriptors, the places of the pages.
/// </summary>
/// <remarks>
/// <para><b>Order.</b> Every writer that is known puts pages one behind the other in the order of their descriptors, but
/// for the page of zeros that all such pages share, which comes first. Two pages in one place are always damage.</para>
/// </remarks>
internal sealed class KdumpCheck(KdumpDumpSource dump, List<Diagnostic> findings)
{
    private const int DescriptorsAtOnce = 2730; // 64 KiB of them

    private readonly KdumpLayout _layout = dump.Layout;
    private readonly ulong _fileLength = dump.File.Length?.Value ?? ulong.MaxValue;

    // Of a file that was cut is told elsewhere that its last pages are not there.
    private readonly bool _isCut = dump.IsIncomplete;
    private readonly byte[] _page = new byte[dump.Layout.Header.BlockSize];
    private ulong _zerosOffset;

    // Of each kind the first is told, with how many there are.
    private readonly Finding _outside = new("a page lies where no page can be");
    private readonly Finding _size = new("a page has a size that cannot be");
    private readonly Finding _codec = new("a page is packed with no codec or with several");
    private readonly Finding _overlap = new("two pages share bytes of the file");
    private readonly Finding _order = new("a page lies before the one that it should follow");
    private readonly Finding _absent = new("a page has a place in the table and was never written");

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal void Run(CancellationToken cancellationToken)
    {
        CheckBitmaps(cancellationToken);
        CheckTable(cancellationToken);
        foreach (Finding finding in (Finding[])[_outside, _size, _codec, _overlap, _order, _absent])
        {
            finding.AddTo(findings, dump.Path);
        }
    }

    private static bool Differ(uint told, ulong counted) => told != 0 && told != Math.Min(counted, uint.MaxValue);

    private void CheckBitmaps(CancellationToken cancellationToken)
    {
        var ram = new PageBitmap(dump.File, _layout.RamBitmapOffset, _layout.EndPfn);
        var kept = new PageBitmap(dump.File, _layout.KeptBitmapOffset, _layout.EndPfn);
        ulong ramPages = 0, keptPages = 0, strays = 0, firstStray = 0;
        for (ulong number = 0; number < ram.BlockCount; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ramPages += (ulong)ram.CountBits(number, PageBitmap.BlockBits);
            keptPages += (ulong)kept.CountBits(number, PageBitmap.BlockBits);
            ReadOnlySpan<byte> ramBits = ram.GetBlock(number);
            ReadOnlySpan<byte> keptBits = kept.GetBlock(number);
            for (int i = 0; i < ramBits.Length; i++)
            {
                int stray = keptBits[i] & ~ramBits[i];
                if (stray != 0)
                {
                    firstStray = strays == 0
                        ? (number * PageBitmap.BlockBits) + ((ulong)i * 8) + (ulong)int.TrailingZeroCount(stray) : firstStray;
                    strays += (ulong)int.PopCount(stray);
                }
            }
        }

        if (strays > 0)
        {
            Add("pages are marked as kept that were no RAM", $"the bitmaps, page 0x{firstStray:x}", $"{strays} pages", "none");
        }

        // Most writers leave these counts out.
        if (Differ(_layout.Header.TotalRamBlocks, ramPages))
        {
            Add("the header and the 1st bitmap count RAM differently", "total_ram_blocks",
                $"{_layout.Header.TotalRamBlocks} pages", $"{ramPages} pages, as the bitmap has");
        }

        if (Differ(_layout.Header.WrittenBlocks, keptPages))
        {
            Add("the header and the 2nd bitmap count kept pages differently", "written_blocks",
                $"{_layout.Header.WrittenBlocks} pages", $"{keptPages} pages, as the bitmap has");
        }
    }

    private void CheckTable(CancellationToken cancellationToken)
    {
        ulong count = dump.PageCount;
        ulong table = _layout.DescriptorsOffset;
        ulong data = table + (count * PageDescriptor.Size);
        if (data > _fileLength)
        {
            if (!_isCut)
            {
                Add("the table of pages has fewer entries than the 2nd bitmap has pages", $"{new FileOffset(table)}",
                    $"room for {(_fileLength - Math.Min(table, _fileLength)) / PageDescriptor.Size} entries", $"{count} entries");
            }

            return;
        }

        byte[] bytes = new byte[DescriptorsAtOnce * PageDescriptor.Size];
        ulong end = data;
        ulong previous = 0;
        for (ulong done = 0; done < count; done += DescriptorsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> some = bytes.AsSpan(0, (int)Math.Min(DescriptorsAtOnce, count - done) * PageDescriptor.Size);
            if (dump.File.Read(new FileOffset(table + (done * PageDescriptor.Size)), some, out Errno error) < some.Length)
            {
                Add("the table of pages cannot be read to its end", $"{new FileOffset(table)}, entry {done}",
                    error == Errno.None ? "the end of the file" : error.Describe(), $"{count} entries");
                return;
            }

            for (int i = 0; i * PageDescriptor.Size < some.Length; i++)
            {
                _ = PageDescriptor.TryParse(some[(i * PageDescriptor.Size)..], out PageDescriptor descriptor);
                CheckDescriptor(done + (ulong)i, descriptor, data, ref previous, ref end);
            }
        }
    }

    /// <param name="index">Its number in the table.</param>
    /// <param name="descriptor">The entry.</param>
    /// <param name="data">Where the pages begin.</param>
    /// <param name="previous">Where the page before it begins.</param>
    /// <param name="end">The end of the pages before it.</param>
    private void CheckDescriptor(ulong index, PageDescriptor descriptor, ulong data, ref ulong previous, ref ulong end)
    {
        if (descriptor.Offset == 0)
        {
            if (!_isCut)
            {
                _absent.Add(index, "no place");
            }

            return;
        }

        uint pageSize = (uint)_layout.Header.BlockSize;
        if (!PageDecoder.Knows(descriptor.Codec))
        {
            _codec.Add(index, $"flags 0x{(uint)descriptor.Codec:x}");
        }

        if (descriptor.Length == 0 || descriptor.Length > pageSize
            || (descriptor.Codec == DumpStatus.None && descriptor.Length != pageSize))
        {
            _size.Add(index, $"0x{descriptor.Length:x} bytes");
            return;
        }

        if (descriptor.Offset < data || descriptor.Offset > _fileLength || descriptor.Length > _fileLength - descriptor.Offset)
        {
            if (descriptor.Offset < data || !_isCut)
            {
                _outside.Add(index, $"{new FileOffset(descriptor.Offset)}, 0x{descriptor.Length:x} bytes");
            }

            return;
        }

        if (descriptor.Offset < end)
        {
            if (IsSharedZeros(descriptor))
            {
                return;
            }

            bool isApart = descriptor.Offset + descriptor.Length <= previous;
            (isApart ? _order : _overlap).Add(index, $"{new FileOffset(descriptor.Offset)}, 0x{descriptor.Length:x} bytes");
        }

        previous = descriptor.Offset;
        end = Math.Max(end, descriptor.Offset + descriptor.Length);
    }

    private bool IsSharedZeros(PageDescriptor descriptor)
    {
        if (descriptor.Codec != DumpStatus.None || dump.HeaderLevel?.HasFlag(DumpLevel.Zero) != true)
        {
            return false;
        }

        if (descriptor.Offset != _zerosOffset)
        {
            Span<byte> page = _page;
            if (dump.File.Read(new FileOffset(descriptor.Offset), page, out _) < page.Length
                || page.ContainsAnyExcept((byte)0))
            {
                return false;
            }

            _zerosOffset = descriptor.Offset;
        }

        return true;
    }

    private void Add(string what, string where, string found, string expected) =>
        findings.Add(new Diagnostic(VmcoreDiagnosticIds.Contradiction, what)
        {
            Where = $"{dump.Path}, {where}",
            Found = found,
            Expected = expected,
        });

    private sealed class Finding(string what)
    {
        private string? _where;
        private string? _found;
        private ulong _count;

        internal void Add(ulong index, string found)
        {
            if (_count++ == 0)
            {
                (_where, _found) = ($"entry {index} of the table", found);
            }
        }

        internal void AddTo(List<Diagnostic> findings, string path)
        {
            if (_count > 0)
            {
                findings.Add(new Diagnostic(VmcoreDiagnosticIds.Contradiction, what)
                {
                    Where = $"{path}, {_where}",
                    Found = _count == 1 ? _found : $"{_found}; {_count} such entries",
                });
            }
        }
    }
}
