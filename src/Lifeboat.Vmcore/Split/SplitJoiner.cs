using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Split;

/// <summary>Copies the pages of all parts, packed as they are, behind the headers of the first.</summary>
internal sealed class SplitJoiner(
    SplitDumpSource source, DumpOutput output, IProgress<DumpProgress>? progress)
{
    private const int DescriptorsAtOnce = 256;

    private readonly KdumpLayout _layout = source.Parts[0].Layout;
    private readonly byte[] _buffer = new byte[DescriptorsAtOnce * source.Parts[0].Layout.Header.BlockSize];
    private readonly byte[] _descriptors = new byte[DescriptorsAtOnce * PageDescriptor.Size];
    private readonly byte[] _page = new byte[source.Parts[0].Layout.Header.BlockSize];
    private PageDescriptor _zeroPage;
    private ulong _nextData;
    private ulong _pagesDone;
    private ulong _pagesInAll;

    internal ByteCount Run(CancellationToken cancellationToken)
    {
        CopyHeaders();
        _pagesInAll = source.Parts[0].CountKeptBelow(_layout.EndPfn);
        _nextData = _layout.DescriptorsOffset + (_pagesInAll * PageDescriptor.Size);
        output.SetLength(new ByteCount(_nextData));
        foreach (KdumpDumpSource part in source.Parts)
        {
            if (part.ZeroPageOffset != ulong.MaxValue && _zeroPage.Offset == 0)
            {
                _zeroPage = new PageDescriptor { Offset = _nextData, Length = (uint)_page.Length };
                output.WriteAt(new FileOffset(_nextData), new byte[_page.Length]);
                _nextData += (ulong)_page.Length;
            }

            CopyPages(part, cancellationToken);
        }

        output.Sync();
        WriteHeader(source.IsIncomplete);
        output.Finish();
        return new ByteCount(_nextData);
    }

    private void CopyHeaders()
    {
        ulong end = _layout.DescriptorsOffset;
        for (ulong place = 0; place < end; place += (ulong)_buffer.Length)
        {
            Span<byte> some = _buffer.AsSpan(0, (int)Math.Min((ulong)_buffer.Length, end - place));
            int read = source.Parts[0].File.Read(new FileOffset(place), some, out _);
            some[read..].Clear();
            output.WriteAt(new FileOffset(place), some);
        }

        WriteHeader(isIncomplete: true);
        KdumpSubHeader sub = _layout.SubHeader;

        // What erasing left a note of lies behind the pages, where nobody would find it now.
        bool hasEraseInfo = sub.EraseInfoOffset < end && sub.EraseInfoSize <= end - sub.EraseInfoOffset;
        Span<byte> bytes = _buffer.AsSpan(0, KdumpSubHeader.Size);
        (sub with
        {
            Split = 0,
            StartPfn = 0,
            EndPfn = 0,
            StartPfn64 = 0,
            EndPfn64 = 0,
            EraseInfoOffset = hasEraseInfo ? sub.EraseInfoOffset : 0,
            EraseInfoSize = hasEraseInfo ? sub.EraseInfoSize : 0,
        }).WriteTo(bytes);
        output.WriteAt(
            new FileOffset((ulong)_layout.Header.BlockSize), bytes[..KdumpSubHeader.LengthOf(_layout.Header.Version)]);
    }

    private void WriteHeader(bool isIncomplete)
    {
        DumpStatus status = _layout.Header.Status & ~DumpStatus.Incomplete;
        Span<byte> bytes = stackalloc byte[DiskDumpHeader.Size];
        (_layout.Header with { Status = isIncomplete ? status | DumpStatus.Incomplete : status }).WriteTo(bytes);
        output.WriteAt(new FileOffset(0), bytes);
    }

    private void CopyPages(KdumpDumpSource part, CancellationToken cancellationToken)
    {
        ulong table = _layout.DescriptorsOffset
            + (source.Parts[0].CountKeptBelow(part.Layout.FirstPfn) * PageDescriptor.Size);
        ulong count = part.PageCount;
        for (ulong done = 0; done < count; done += DescriptorsAtOnce)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int now = (int)Math.Min(DescriptorsAtOnce, count - done);
            Span<byte> descriptors = _descriptors.AsSpan(0, now * PageDescriptor.Size);
            var place = new FileOffset(part.Layout.DescriptorsOffset + (done * PageDescriptor.Size));
            int read = part.File.Read(place, descriptors, out _);

            // Descriptors that the file does not have are of pages that were never written.
            descriptors[read..].Clear();
            int length = 0;
            for (int i = 0; i < now; i++)
            {
                Span<byte> bytes = descriptors[(i * PageDescriptor.Size)..];
                _ = PageDescriptor.TryParse(bytes, out PageDescriptor descriptor);
                Move(part, descriptor, ref length).WriteTo(bytes);
            }

            output.WriteAt(new FileOffset(_nextData), _buffer.AsSpan(0, length));
            output.WriteAt(new FileOffset(table + (done * PageDescriptor.Size)), descriptors);
            _nextData += (ulong)length;
            _pagesDone += (ulong)now;
            progress?.Report(new DumpProgress(DumpStage.Write, _pagesDone, _pagesInAll, new ByteCount(_nextData)));
        }
    }

    /// <summary>Takes the bytes of a page into the buffer; returns its descriptor in the new file.</summary>
    private PageDescriptor Move(KdumpDumpSource part, PageDescriptor descriptor, ref int length)
    {
        if (descriptor.Offset == part.ZeroPageOffset && descriptor.Codec == DumpStatus.None)
        {
            return _zeroPage with { PageFlags = descriptor.PageFlags };
        }

        if (descriptor.Offset == 0 || descriptor.Length > (uint)_page.Length)
        {
            return default;
        }

        Span<byte> page = _page.AsSpan(0, (int)descriptor.Length);
        if (part.File.Read(new FileOffset(descriptor.Offset), page, out Errno error) < page.Length
            || error != Errno.None)
        {
            return default;
        }

        page.CopyTo(_buffer.AsSpan(length));
        PageDescriptor moved = descriptor with { Offset = _nextData + (ulong)length };
        length += page.Length;
        return moved;
    }
}
