using System.Numerics;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Flattened;

namespace Lifeboat.Vmcore.Kdump;

/// <summary>The headers of a kdump-compressed file, and where its parts lie.</summary>
/// <remarks>
/// <code>
/// block 0          disk_dump_header
/// block 1          kdump_sub_header, then notes
/// 1 + sub header   1st bitmap: what was RAM, a bit a page
///                  2nd bitmap: what was kept
/// + bitmap blocks  a page_desc for every bit of the 2nd bitmap
///                  the pages
/// </code>
/// </remarks>
internal sealed record KdumpLayout
{
    internal required DiskDumpHeader Header { get; init; }

    internal required KdumpSubHeader SubHeader { get; init; }

    /// <summary>
    /// Bits of an address within a page. Pages here are those of the file (block_size): 4 KiB, on arm64 also 16 and 64.
    /// QEMU writes 64 KiB for every arm64 machine.
    /// </summary>
    internal int PageShift => BitOperations.Log2((uint)Header.BlockSize);

    /// <summary>Bits by which a page number differs from that of its first frame of 4 KiB.</summary>
    internal int FrameShift => PageShift - Pfn.PageShift;

    /// <summary>One past the highest page.</summary>
    internal ulong EndPfn { get; init; }

    /// <summary>Whether the file is one part of a split dump.</summary>
    internal bool IsPart => SubHeader.Split != 0;

    /// <summary>The first page whose descriptor the file has.</summary>
    internal ulong FirstPfn { get; init; }

    /// <summary>One past the last page whose descriptor the file has.</summary>
    internal ulong PagesEnd { get; init; }

    internal ulong RamBitmapOffset { get; init; }

    internal ulong KeptBitmapOffset { get; init; }

    internal ulong DescriptorsOffset { get; init; }

    /// <summary>Bytes of one of the two bitmaps for so many pages.</summary>
    internal static ulong BitmapLength(ulong endPfn, int blockSize = Pfn.PageSize) =>
        (((endPfn + 7) / 8) + (ulong)blockSize - 1) / (ulong)blockSize * (ulong)blockSize;

    /// <summary>Reads and checks the headers.</summary>
    /// <exception cref="DumpFormatException">They are damaged, or of a kind that cannot be read yet.</exception>
    internal static KdumpLayout Read(IRandomAccessFile file, DumpLimits limits)
    {
        Span<byte> bytes = stackalloc byte[DiskDumpHeader.Size];
        ReadExactly(file, 0, bytes, "the header");
        if (!DiskDumpHeader.TryParse(bytes, out DiskDumpHeader header))
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.UnknownFormat, $"{file.Path} is not a kdump-compressed file")
                {
                    Where = $"{new FileOffset(0)}",
                    Found = Convert.ToHexStringLower(bytes[..8]),
                    Expected = "the signature of disk_dump_header",
                });
        }

        ThrowIf(header.Validate(limits));
        Span<byte> subBytes = bytes[..KdumpSubHeader.Size];
        ReadExactly(file, (ulong)header.BlockSize, subBytes, "the sub-header");
        _ = KdumpSubHeader.TryParse(subBytes, header.Version, out KdumpSubHeader subHeader);
        ulong endPfn = header.Version >= 6 ? subHeader.MaxMapNumber64 : header.MaxMapNumber;
        ulong bitmap = (ulong)(1 + header.SubHeaderBlocks) * (ulong)header.BlockSize;
        ulong bitmapBytes = header.BitmapBlocks * (ulong)header.BlockSize;
        ulong mostPages = limits.MaxPfn / (ulong)(header.BlockSize / Pfn.PageSize);
        if (endPfn == 0 || endPfn > mostPages || BitmapLength(endPfn, header.BlockSize) * 2 > bitmapBytes)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.BadHeader, "the bitmaps do not fit the number of pages")
                {
                    Where = $"max_mapnr and bitmap_blocks, {new FileOffset(436)}",
                    Found = $"0x{endPfn:x} pages, {header.BitmapBlocks} blocks",
                    Expected = $"1 to 0x{mostPages:x} pages, two bits for each",
                });
        }

        if (file.Length is { } length && bitmap + bitmapBytes > length.Value)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.Truncated, "the file ends within the bitmaps")
                {
                    Where = $"{file.Path}, {new FileOffset(bitmap)}",
                    Found = $"a file of {length.Value} bytes",
                    Expected = $"{bitmap + bitmapBytes} bytes or more",
                });
        }

        // What no record has reads as zeros: a flattened file of a few bytes can claim bitmaps of any length.
        if (file is FlattenedFile flattened && flattened.StoredBytes.Value < bitmapBytes)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.Truncated, "the records do not hold the bitmaps")
                {
                    Where = $"{file.Path}, {new FileOffset(bitmap)}",
                    Found = $"{flattened.StoredBytes.Value} bytes in all",
                    Expected = $"{bitmapBytes} bytes or more",
                });
        }

        (ulong firstPfn, ulong pagesEnd) = FindRange(header, subHeader, endPfn);
        return new KdumpLayout
        {
            FirstPfn = firstPfn,
            PagesEnd = pagesEnd,
            Header = header,
            SubHeader = subHeader,
            EndPfn = endPfn,
            RamBitmapOffset = bitmap,
            KeptBitmapOffset = bitmap + (bitmapBytes / 2),
            DescriptorsOffset = bitmap + bitmapBytes,
        };
    }

    private static (ulong First, ulong End) FindRange(DiskDumpHeader header, KdumpSubHeader subHeader, ulong endPfn)
    {
        if (subHeader.Split == 0)
        {
            return (0, endPfn);
        }

        (ulong first, ulong end) = header.Version >= 6
            ? (subHeader.StartPfn64, subHeader.EndPfn64) : (subHeader.StartPfn, subHeader.EndPfn);
        if (first > end || end > endPfn)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.BadHeader, "the range of this part of a split dump cannot be")
                {
                    Where = "start_pfn and end_pfn of kdump_sub_header",
                    Found = $"0x{first:x} to 0x{end:x}",
                    Expected = $"a range within 0x{endPfn:x} pages",
                });
        }

        return (first, end);
    }

    private static void ReadExactly(IRandomAccessFile file, ulong offset, Span<byte> destination, string what)
    {
        int read = file.Read(new FileOffset(offset), destination, out Errno error);
        if (error != Errno.None)
        {
            throw new KernelInterfaceException("read", file.Path, error);
        }

        if (read < destination.Length)
        {
            throw new DumpFormatException(new Diagnostic(VmcoreDiagnosticIds.Truncated, $"the file ends within {what}")
            {
                Where = $"{file.Path}, {new FileOffset(offset)}",
                Found = $"{read} bytes",
                Expected = $"{destination.Length} bytes",
            });
        }
    }

    private static void ThrowIf(Diagnostic? diagnostic)
    {
        if (diagnostic is not null)
        {
            throw new DumpFormatException(diagnostic);
        }
    }
}
