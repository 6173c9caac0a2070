using System.Buffers.Binary;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Erasing;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>One writing of an ELF dump.</summary>
/// <remarks>
/// <code>
/// ELF header [section 0, which counts the program headers when they are more than 65,534]
/// program headers: the notes, then the segments
/// notes
/// pages, from the next multiple of 4 KiB on
/// </code>
/// </remarks>
internal sealed class ElfWriteRun(
    DumpSource source,
    DumpOutput output,
    DumpWriteOptions options,
    IProgress<DumpProgress>? progress,
    CancellationToken cancellationToken)
{
    private const int SectionHeaderSize = 64;
    private const int SectionInfoOffset = 44;
    private const int HeadersAtOnce = 512;

    private readonly PageTally _tally = new();
    private readonly List<Diagnostic> _notices = [.. source.Diagnostics, .. options.Eraser?.Notices ?? []];
    private readonly KernelMappings _mappings = KernelMappings.Find(source);
    private readonly ReadOnlyMemory<byte> _notes = EraseInfoNote.With(
        EraseInfoNote.Without(source.Notes), EraseInfo.Join(source.EraseInfo, options.Eraser));
    private ulong _headers;
    private bool _unwritten;

    private ulong ProgramHeadersOffset =>
        Elf64Header.Size + (_headers >= Elf64Header.ManyProgramHeaders ? (ulong)SectionHeaderSize : 0);

    internal DumpWriteResult Run()
    {
        using (var classifier = PageClassifier.Create(source, options, _notices))
        using (var pass = new BitmapPass(source, classifier, options.Threads))
        {
            pass.Run(_tally, static (_, _) => { }, progress, cancellationToken);
            WriteNotices.AddOfMap(classifier, _notices);
        }

        _headers = 1 + CountSegments();
        ulong notes = ProgramHeadersOffset + (_headers * Elf64ProgramHeader.Size);
        ulong data = (notes + (ulong)_notes.Length + Pfn.PageSize - 1) / Pfn.PageSize * Pfn.PageSize;
        ulong end = data + (_tally.Selected * Pfn.PageSize);
        output.SetLength(new ByteCount(end));
        WriteHeader(isIncomplete: true);
        WriteProgramHeaders(notes, data);
        output.WriteAt(new FileOffset(notes), _notes.Span);
        WritePages(data);
        output.Sync();
        WriteHeader(source.IsIncomplete || _unwritten);
        output.Finish();
        WriteNotices.AddOfUnreadable(_tally, _notices);
        return new DumpWriteResult(new ByteCount(end), _tally.ToCounts(), _notices);
    }

    private ulong CountSegments()
    {
        using var windows = new ReclassifiedWindows(source, options);
        var walk = new ElfSegmentWalk(source, windows, _mappings, dataOffset: 0);
        ulong count = 0;
        while (walk.TryNext(out _))
        {
            count++;
        }

        return count;
    }

    private void WriteHeader(bool isIncomplete)
    {
        bool isMany = _headers >= Elf64Header.ManyProgramHeaders;
        Span<byte> bytes = stackalloc byte[Elf64Header.Size + SectionHeaderSize];
        bytes.Clear();
        new Elf64Header
        {
            Class = 2,
            Data = 1,
            Type = Elf64Header.TypeCore,
            Machine = DumpMachine.ElfNumberOf(source),
            Flags = isIncomplete ? Elf64Header.IncompleteFlag : 0,
            ProgramHeaderOffset = ProgramHeadersOffset,
            ProgramHeaderSize = Elf64ProgramHeader.Size,
            ProgramHeaderCount = isMany ? Elf64Header.ManyProgramHeaders : (ushort)_headers,
            SectionHeaderOffset = isMany ? Elf64Header.Size : 0UL,
            SectionHeaderSize = isMany ? (ushort)SectionHeaderSize : (ushort)0,
            SectionHeaderCount = isMany ? (ushort)1 : (ushort)0,
        }.WriteTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(Elf64Header.Size + SectionInfoOffset)..], (uint)_headers);
        output.WriteAt(new FileOffset(0), isMany ? bytes : bytes[..Elf64Header.Size]);
    }

    private void WriteProgramHeaders(ulong notes, ulong data)
    {
        byte[] buffer = new byte[HeadersAtOnce * Elf64ProgramHeader.Size];
        var header = new Elf64ProgramHeader
        {
            Type = Elf64ProgramHeader.TypeNote,
            Offset = notes,
            FileSize = (ulong)_notes.Length,
            MemorySize = (ulong)_notes.Length,
        };
        using var windows = new ReclassifiedWindows(source, options);
        var walk = new ElfSegmentWalk(source, windows, _mappings, data);
        ulong place = ProgramHeadersOffset;
        int filled = 0;
        do
        {
            header.WriteTo(buffer.AsSpan(filled));
            filled += Elf64ProgramHeader.Size;
            if (filled == buffer.Length)
            {
                output.WriteAt(new FileOffset(place), buffer);
                place += (ulong)filled;
                filled = 0;
            }
        }
        while (walk.TryNext(out header));

        output.WriteAt(new FileOffset(place), buffer.AsSpan(0, filled));
    }

    private void WritePages(ulong data)
    {
        var writer = new ElfPageWriter(output, new FileOffset(data), _tally);
        ulong lost = 0;

        // Nothing is compressed; looking for pages of zeros is all that the compressor does.
        var raw = new DumpWriteOptions
        {
            Level = DumpLevel.Zero,
            CompressionLevel = 0,
            Threads = options.Threads,
            Eraser = options.Eraser,
        };
        using var windows = new ReclassifiedWindows(source, options);
        using var pass = new PagePass(
            source, windows, _tally.Selected, raw, UnreadablePages.Zeros, pages => lost += (ulong)pages.Count);
        pass.Run(new PagePart(0, source.EndPfn.Value, _tally.Selected), writer, progress, cancellationToken);
        _tally.Unreadable += lost;
        if (lost > 0)
        {
            _unwritten = true;
            _tally.Selected -= lost;
            _tally.Zero -= lost;
            _notices.Add(new Diagnostic(
                VmcoreDiagnosticIds.UnreadablePages, "pages that could not be read are zeros in the dump")
            {
                Found = $"{lost} pages",
            });
        }
    }
}
