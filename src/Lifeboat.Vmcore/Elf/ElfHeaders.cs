using System.Buffers.Binary;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;
using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Elf;

/// <summary>Reads the headers of an ELF dump: header, program headers, notes.</summary>
internal sealed class ElfHeaders
{
    private const int SectionInfoOffset = 44; // sh_info of Elf64_Shdr
    private const int HeadersAtOnce = 64;
    private const ulong KernelHalf = 1UL << 63;
    private const ulong KernelImage = 0xffff_ffff_8000_0000; // x86-64; its segment is not of the direct map

    private readonly IRandomAccessFile _file;
    private readonly DumpLimits _limits;
    private readonly List<Elf64ProgramHeader> _loads = [];
    private readonly List<Elf64ProgramHeader> _noteHeaders = [];
    private readonly List<Diagnostic> _diagnostics = [];

    private ElfHeaders(IRandomAccessFile file, DumpLimits limits)
    {
        _file = file;
        _limits = limits;
    }

    internal bool IsMarkedIncomplete { get; private set; }

    /// <summary>What the segments add to physical addresses for virtual ones; null when they do not tell.</summary>
    internal ulong? DirectMapOffset { get; private set; }

    internal ushort Machine { get; private set; }

    /// <summary>Whether this is /proc/kcore: memory that changes while it is read.</summary>
    internal bool IsLive { get; private set; }

    internal byte[] Notes { get; private set; } = [];

    internal List<Diagnostic> Diagnostics => _diagnostics;

    internal ElfSegmentMap Segments { get; private set; } = null!;

    /// <summary>Reads the headers.</summary>
    /// <exception cref="DumpFormatException">They are not those of a core dump, or damaged.</exception>
    internal static ElfHeaders Read(IRandomAccessFile file, DumpLimits limits)
    {
        var headers = new ElfHeaders(file, limits);
        headers.ReadAll();
        return headers;
    }

    private void ReadAll()
    {
        Span<byte> bytes = stackalloc byte[Elf64Header.Size];
        ReadExactly(0, bytes, "the ELF header");
        if (!Elf64Header.TryParse(bytes, out Elf64Header header))
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.UnknownFormat, $"{_file.Path} is not an ELF file")
                {
                    Where = $"{new FileOffset(0)}",
                    Found = Convert.ToHexStringLower(bytes[..4]),
                    Expected = "7f454c46",
                });
        }

        ThrowIf(ElfChecks.Check(header));
        Machine = header.Machine;
        if (header.Machine is not (Elf64Header.MachineX64 or Elf64Header.MachineArm64))
        {
            _diagnostics.Add(new Diagnostic(
                VmcoreDiagnosticIds.Unsupported, "only x86-64 and arm64 are understood beyond physical memory")
            {
                Where = $"e_machine, {new FileOffset(18)}",
                Found = $"{header.Machine}",
                Expected = $"{Elf64Header.MachineX64} or {Elf64Header.MachineArm64}",
            });
        }

        IsMarkedIncomplete = (header.Flags & Elf64Header.IncompleteFlag) != 0;
        ReadProgramHeaders(header.ProgramHeaderOffset, CountProgramHeaders(header));
        IsLive = KcoreSegments.IsKcore(_loads);
        Segments = ElfSegmentMap.Create(TakeSegments());
        ReadNotes();
    }

    private uint CountProgramHeaders(Elf64Header header)
    {
        uint count = header.ProgramHeaderCount;
        if (count == Elf64Header.ManyProgramHeaders && header.SectionHeaderOffset != 0)
        {
            Span<byte> info = stackalloc byte[4];
            ReadExactly(unchecked(header.SectionHeaderOffset + SectionInfoOffset), info, "section 0");
            count = BinaryPrimitives.ReadUInt32LittleEndian(info);
        }

        if (count == 0 || count > _limits.MaxProgramHeaders)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.BeyondLimit, "the number of program headers cannot be")
                {
                    Where = $"e_phnum, {new FileOffset(56)}",
                    Found = $"{count}",
                    Expected = $"1 to {_limits.MaxProgramHeaders}",
                });
        }

        return count;
    }

    private void ReadProgramHeaders(ulong offset, uint count)
    {
        ulong endOfMemory = _limits.MaxPfn > ulong.MaxValue >> Pfn.PageShift
            ? ulong.MaxValue : _limits.MaxPfn << Pfn.PageShift;
        Span<byte> bytes = stackalloc byte[HeadersAtOnce * Elf64ProgramHeader.Size];
        for (uint done = 0; done < count; done += HeadersAtOnce)
        {
            int now = (int)Math.Min(HeadersAtOnce, count - done);
            Span<byte> some = bytes[..(now * Elf64ProgramHeader.Size)];
            ReadExactly(unchecked(offset + ((ulong)done * Elf64ProgramHeader.Size)), some, "the program headers");
            for (int i = 0; i < now; i++)
            {
                _ = Elf64ProgramHeader.TryParse(some[(i * Elf64ProgramHeader.Size)..], out Elf64ProgramHeader header);
                Add(header, endOfMemory);
            }
        }
    }

    private void Add(Elf64ProgramHeader header, ulong endOfMemory)
    {
        if (header.Type == Elf64ProgramHeader.TypeNote)
        {
            _noteHeaders.Add(header);
        }
        else if (header.Type == Elf64ProgramHeader.TypeLoad && (header.MemorySize | header.FileSize) != 0)
        {
            // Without a physical address (all ones) there is nothing to read of a segment: kcore has such, and cores
            // of debuggers.
            if (header.PhysicalAddress != ulong.MaxValue)
            {
                ThrowIf(ElfChecks.Check(header, endOfMemory));
            }

            _loads.Add(header);
        }
    }

    private List<ElfSegment> TakeSegments()
    {
        ThrowIf(KcoreSegments.CheckAddresses(_loads));
        ulong? directMap = IsLive ? KcoreSegments.FindDirectMap(_loads) : null;
        var segments = new List<ElfSegment>(_loads.Count);
        foreach (Elf64ProgramHeader header in _loads)
        {
            ulong physical = header.PhysicalAddress;
            if (physical == ulong.MaxValue || (IsLive && unchecked(header.VirtualAddress - physical) != directMap))
            {
                continue;
            }

            if (Machine == Elf64Header.MachineX64
                && header.VirtualAddress is >= KernelHalf and < KernelImage && header.VirtualAddress >= physical)
            {
                DirectMapOffset ??= header.VirtualAddress - physical;
            }

            ulong end = physical + Math.Max(header.MemorySize, header.FileSize);
            segments.Add(new ElfSegment(physical, end, physical + header.FileSize, header.Offset));
        }

        return segments;
    }

    private void ReadNotes()
    {
        ulong total = 0;
        foreach (Elf64ProgramHeader header in _noteHeaders)
        {
            total = header.FileSize > (ulong)_limits.MaxNoteBytes - total ? ulong.MaxValue : total + header.FileSize;
            if (total > (ulong)_limits.MaxNoteBytes)
            {
                throw new DumpFormatException(
                    new Diagnostic(VmcoreDiagnosticIds.BeyondLimit, "the notes are larger than is believed")
                    {
                        Where = $"PT_NOTE at {new FileOffset(header.Offset)}",
                        Found = $"{header.FileSize} bytes",
                        Expected = $"{_limits.MaxNoteBytes} bytes in all at most",
                    });
            }
        }

        // Only what the file really has is allocated: a short file cannot ask for much.
        ulong fileLength = _file.Length?.Value ?? ulong.MaxValue;
        using var notes = new MemoryStream();
        foreach (Elf64ProgramHeader header in _noteHeaders)
        {
            ulong there = header.Offset >= fileLength ? 0 : Math.Min(header.FileSize, fileLength - header.Offset);
            byte[] bytes = new byte[(int)there];
            int read = _file.Read(new FileOffset(header.Offset), bytes, out _);
            notes.Write(bytes, 0, read);
            if ((ulong)read < header.FileSize)
            {
                _diagnostics.Add(new Diagnostic(VmcoreDiagnosticIds.BadNotes, "the notes are cut short")
                {
                    Where = $"PT_NOTE at {new FileOffset(header.Offset)}",
                    Found = $"{read} bytes",
                    Expected = $"{header.FileSize} bytes",
                });
            }
        }

        Notes = notes.ToArray();
    }

    private void ReadExactly(ulong offset, Span<byte> destination, string what)
    {
        int read = _file.Read(new FileOffset(offset), destination, out Errno error);
        if (error != Errno.None)
        {
            throw new KernelInterfaceException("read", _file.Path, error);
        }

        if (read < destination.Length)
        {
            throw new DumpFormatException(new Diagnostic(VmcoreDiagnosticIds.Truncated, $"the file ends within {what}")
            {
                Where = $"{_file.Path}, {new FileOffset(offset)}",
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
