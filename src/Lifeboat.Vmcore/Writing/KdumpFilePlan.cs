using System.Globalization;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Erasing;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Where the parts of the file go, and its headers.</summary>
internal sealed class KdumpFilePlan
{
    private const int BlockSize = Pfn.PageSize;

    private readonly ReadOnlyMemory<byte> _notes;
    private readonly ReadOnlyMemory<byte> _eraseInfo;
    private readonly DiskDumpHeader _header;
    private readonly KdumpSubHeader _subHeader;

    internal KdumpFilePlan(DumpSource source, DumpWriteOptions options)
    {
        _notes = EraseInfoNote.Without(source.Notes);
        _eraseInfo = EraseInfo.Join(source.EraseInfo, options.Eraser);
        EndPfn = Math.Max(source.EndPfn.Value, 1);
        int subHeaderBlocks = (KdumpSubHeader.Size + _notes.Length + _eraseInfo.Length + BlockSize - 1) / BlockSize;
        ulong bitmapLength = KdumpLayout.BitmapLength(EndPfn);
        RamBitmap = new FileOffset((ulong)(1 + subHeaderBlocks) * BlockSize);
        KeptBitmap = RamBitmap + new ByteCount(bitmapLength);
        Descriptors = KeptBitmap + new ByteCount(bitmapLength);
        Vmcoreinfo info = source.Vmcoreinfo;
        bool hasInfo = ElfNotes.TryFindVmcoreinfo(_notes.Span, out int infoOffset, out int infoLength);
        ulong notesOffset = BlockSize + KdumpSubHeader.Size;
        _header = new DiskDumpHeader
        {
            Version = DiskDumpHeader.NewestVersion,
            UtsName = FindUtsName(source),
            TimestampSeconds = FindCrashTime(info),
            Status = options.Codec,
            BlockSize = BlockSize,
            SubHeaderBlocks = subHeaderBlocks,
            BitmapBlocks = checked((uint)(bitmapLength / BlockSize * 2)),
            MaxMapNumber = (uint)Math.Min(EndPfn, uint.MaxValue),
            CpuCount = ElfNotes.CountProcessStatus(_notes.Span),
        };
        _subHeader = new KdumpSubHeader
        {
            PhysBase = info.TryGetNumber("phys_base", out long physBase) ? unchecked((ulong)physBase) : 0,
            DumpLevel = (int)(options.Level | (source.HeaderLevel ?? DumpLevel.None)),
            VmcoreinfoOffset = hasInfo ? notesOffset + (ulong)infoOffset : 0,
            VmcoreinfoSize = hasInfo ? (ulong)infoLength : 0,
            NotesOffset = _notes.IsEmpty ? 0 : notesOffset,
            NotesSize = (ulong)_notes.Length,
            EraseInfoOffset = _eraseInfo.IsEmpty ? 0 : notesOffset + (ulong)_notes.Length,
            EraseInfoSize = (ulong)_eraseInfo.Length,
            MaxMapNumber64 = EndPfn,
        };
    }

    internal ulong EndPfn { get; }

    internal DumpStatus Codec => _header.Status;

    internal FileOffset RamBitmap { get; }

    internal FileOffset KeptBitmap { get; }

    internal FileOffset Descriptors { get; }

    internal void WriteHeaders(DumpOutput file, bool isIncomplete, ulong ramPages, ulong keptPages)
    {
        Span<byte> block = stackalloc byte[DiskDumpHeader.Size];
        DiskDumpHeader header = _header with
        {
            Status = _header.Status | (isIncomplete ? DumpStatus.Incomplete : DumpStatus.None),
            TotalRamBlocks = (uint)Math.Min(ramPages, uint.MaxValue),
            WrittenBlocks = (uint)Math.Min(keptPages, uint.MaxValue),
        };
        header.WriteTo(block);
        file.WriteAt(new FileOffset(0), block);
    }

    /// <summary>What does not change: the sub-header, the notes, and what is said of what is erased.</summary>
    internal void WriteNotes(DumpOutput file)
    {
        WriteSubHeader(file, _subHeader);
        file.WriteAt(new FileOffset(BlockSize + KdumpSubHeader.Size), _notes.Span);
        file.WriteAt(new FileOffset(BlockSize + KdumpSubHeader.Size + (ulong)_notes.Length), _eraseInfo.Span);
    }

    /// <summary>Makes a file one part of a split dump.</summary>
    internal void WriteRange(DumpOutput file, PagePart part) => WriteSubHeader(file, _subHeader with
    {
        Split = 1,
        StartPfn = part.Start,
        EndPfn = part.End,
        StartPfn64 = part.Start,
        EndPfn64 = part.End,
    });

    private static void WriteSubHeader(DumpOutput file, KdumpSubHeader subHeader)
    {
        Span<byte> block = stackalloc byte[KdumpSubHeader.Size];
        subHeader.WriteTo(block);
        file.WriteAt(new FileOffset(BlockSize), block);
    }

    private static DumpUtsName FindUtsName(DumpSource source)
    {
        DumpUtsName? name = null;
        try
        {
            name = UtsNameReader.TryRead(AddressSpace.OpenKernel(source), source.Vmcoreinfo);
        }
        catch (DumpFormatException)
        {
            // Without VMCOREINFO nothing can be looked up; the header is then as empty as our knowledge.
        }

        return name ?? source.HeaderUtsName
            ?? new DumpUtsName("Linux", "", source.Vmcoreinfo.OsRelease ?? "", "", DumpMachine.NameOf(source), "");
    }

    private static long FindCrashTime(Vmcoreinfo info) =>
        info.TryGetText("CRASHTIME", out string? text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds : 0;
}
