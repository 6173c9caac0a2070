using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Images;

/// <summary>
/// A kernel of the Multiboot specification, version 1 or 2: an ELF file of 32 or 64 bit, or any file whose header says
/// where it is to be loaded. Started in 32-bit mode without paging, with the address of an information structure.
/// </summary>
internal sealed class MultibootImage : KernelImage
{
    private const ulong FourGiB = 1UL << 32;

    /// <summary>The protocols have no limit; no kernel takes more.</summary>
    private const int CommandLineLength = (64 << 10) - 1;

    /// <summary>load_addr that means: where the file's first byte comes to lie.</summary>
    private const uint FromFileStart = 0xffffffff;

    private readonly int _version;

    private MultibootImage(MultibootHeader header, IReadOnlyList<ImageSegment> segments, ulong entry, string name)
        : base(name)
    {
        _version = header.Version;
        PhysicalAddress start = segments[0].Start.AlignDown(ByteCount.Page);
        Parts = ImagePartBuilder.Build(segments, start);
        EntryOffset = new PhysicalAddress(entry) - start;
        MemorySize = Parts[^1].Offset + Parts[^1].MemorySize;
        PreferredAddress = start;
        Alignment = ByteCount.Page;

        // Only a kernel that may go anywhere up to 4 GiB is moved; any other runs where it was linked, which is always
        // right.
        if (header.Relocation is { } relocation && relocation.Highest >= FourGiB - Pfn.PageSize
            && start == segments[0].Start)
        {
            IsRelocatable = true;
            Alignment = new ByteCount(Math.Max(relocation.Alignment, Pfn.PageSize));
            PreferredAddress = new PhysicalAddress(relocation.Lowest).AlignUp(Alignment);
        }
    }

    /// <inheritdoc/>
    public override string Format => _version == 1 ? "Multiboot" : "Multiboot2";

    /// <inheritdoc/>
    public override KernelEntry Entry => _version == 1 ? KernelEntry.Multiboot1 : KernelEntry.Multiboot2;

    /// <inheritdoc/>
    public override ByteCount EntryOffset { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImagePart> Parts { get; }

    /// <inheritdoc/>
    public override ByteCount MemorySize { get; }

    /// <inheritdoc/>
    public override ByteCount Alignment { get; }

    /// <inheritdoc/>
    public override PhysicalAddress PreferredAddress { get; }

    /// <inheritdoc/>
    public override bool IsRelocatable { get; }

    /// <inheritdoc/>
    public override bool CanBeLoadedAbove4G => false;

    /// <inheritdoc/>
    public override PhysicalAddress MaxRamdiskAddress => new(FourGiB - 1);

    /// <summary>True, as the entry is without paging; CR4.LA57 is to be clear at it like all of CR4.</summary>
    public override bool SupportsFiveLevelPaging => true;

    /// <inheritdoc/>
    public override int MaxCommandLineLength => CommandLineLength;

    /// <summary>Reads the kernel; null when the file has no Multiboot header.</summary>
    /// <exception cref="DiagnosticException">It has one, and a field is wrong or asks for what is not done.</exception>
    internal static MultibootImage? TryParse(ReadOnlyMemory<byte> file, string name)
    {
        if (MultibootHeader.Find(file.Span, name) is not { } header)
        {
            return null;
        }

        ulong entry;
        IReadOnlyList<ImageSegment> segments;
        if (header.Addresses is { } addresses)
        {
            segments = [Place(file, header, addresses, name)];
            entry = header.Entry ?? throw NoEntry(header, name);
        }
        else if (Elf64Header.IsElf(file.Span))
        {
            ElfProgram program = ElfProgram.Read(file, name);
            if (program.Machine is not (ElfProgram.MachineX86 or Elf64Header.MachineX64))
            {
                throw ImageRefusal.Foreign("The Multiboot kernel is for another machine",
                    $"{name}, e_machine at 0x12", $"{program.Machine}", "3 (x86) or 62 (x86-64)");
            }

            program.RequireSegments(name);
            segments = program.Segments;
            entry = header.Entry ?? PhysicalEntry(program);
        }
        else
        {
            throw ImageRefusal.Damaged("The Multiboot kernel does not say where it is to be loaded",
                $"{name}, header at 0x{header.Offset:x}", "no addresses, and the file is no ELF file",
                header.Version == 1 ? "bit 16 of flags set" : "an address tag (type 2)");
        }

        RequireAddresses(segments, entry, name);
        return new MultibootImage(header, segments, entry, name);
    }

    /// <summary>e_entry may be virtual: it is then translated by the segment that holds it, as other loaders do.</summary>
    private static ulong PhysicalEntry(ElfProgram program)
    {
        foreach (ImageSegment segment in program.Segments)
        {
            if (program.Entry >= segment.VirtualStart && program.Entry - segment.VirtualStart < segment.MemorySize.Value)
            {
                return segment.Start.Value + (program.Entry - segment.VirtualStart);
            }
        }

        return program.Entry;
    }

    private static ImageSegment Place(
        ReadOnlyMemory<byte> file, MultibootHeader header, MultibootAddresses addresses, string name)
    {
        uint load = addresses.Load == FromFileStart && header.Version == 2 && addresses.Header >= header.Offset
            ? addresses.Header - (uint)header.Offset
            : addresses.Load;
        if (load > addresses.Header || addresses.Header - load > header.Offset)
        {
            throw ImageRefusal.Damaged("The Multiboot kernel would be loaded from before the file's start",
                $"{name}, load_addr at 0x{addresses.FieldOffset + 4:x}", $"0x{addresses.Load:x}",
                $"from 0x{addresses.Header - Math.Min(addresses.Header, (uint)header.Offset):x} to header_addr 0x{addresses.Header:x}");
        }

        int start = header.Offset - (int)(addresses.Header - load);
        long length = addresses.LoadEnd == 0 ? file.Length - start : (long)addresses.LoadEnd - load;
        if (length <= 0 || length > file.Length - start)
        {
            throw ImageRefusal.Truncated("The Multiboot kernel reaches past the file",
                $"{name}, load_end_addr at 0x{addresses.FieldOffset + 8:x}", $"0x{addresses.LoadEnd:x}",
                $"from 0x{load + 1UL:x} to 0x{load + (ulong)(file.Length - start):x}");
        }

        ulong end = load + (ulong)length;
        ulong zeroEnd = addresses.BssEnd == 0 ? end : addresses.BssEnd;
        return zeroEnd >= end
            ? new ImageSegment(
                new PhysicalAddress(load), file.Slice(start, (int)length), new ByteCount(zeroEnd - load))
            : throw ImageRefusal.Damaged("The Multiboot kernel's zeroes end before its content",
                $"{name}, bss_end_addr at 0x{addresses.FieldOffset + 12:x}", $"0x{addresses.BssEnd:x}",
                $"0, or at least 0x{end:x}");
    }

    private static void RequireAddresses(IReadOnlyList<ImageSegment> segments, ulong entry, string name)
    {
        ImageSegment last = segments[^1];
        if (last.End.Value > FourGiB)
        {
            throw ImageRefusal.Unsuitable("The Multiboot kernel reaches above 4 GiB, where 32-bit code cannot run",
                name, $"an end at {last.End}", "at most 0x100000000", "Link the kernel to lower physical addresses");
        }

        if (entry < segments[0].Start.Value || entry >= last.End.Value)
        {
            throw ImageRefusal.Damaged("The Multiboot kernel's first instruction lies outside of it",
                $"{name}, entry address", $"0x{entry:x}", $"from {segments[0].Start} to below {last.End}");
        }
    }

    private static DiagnosticException NoEntry(MultibootHeader header, string name) =>
        ImageRefusal.Damaged("The Multiboot kernel does not say where its first instruction is",
            $"{name}, header at 0x{header.Offset:x}", "an address tag without an entry address tag",
            "an entry address tag (type 3)");
}
