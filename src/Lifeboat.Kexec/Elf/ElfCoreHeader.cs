using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Elf;

/// <summary>
/// The ELF core header: what the capture kernel makes /proc/vmcore from. It describes the crashed kernel's memory by
/// physical address (file offset and physical address are the same); the notes lie in that memory too.
/// </summary>
/// <remarks>
/// <code>
/// Ehdr | PT_NOTE of CPU 0 .. n | PT_NOTE of VMCOREINFO | PT_LOAD kernel text | PT_LOAD of each range of RAM
/// </code>
/// <para>The order is that of the kernel's crash_prepare_elf64_headers().</para>
/// </remarks>
internal sealed record ElfCoreHeader
{
    /// <summary>
    /// The first MiB is the firmware's and start-up code's; the kernel keeps it out of the dump as well.
    /// </summary>
    private static readonly PhysicalRange LowMemory = new(PhysicalAddress.Zero, new PhysicalAddress(1 << 20));

    /// <summary>The notes of each CPU.</summary>
    internal required IReadOnlyList<PhysicalRange> CpuNotes { get; init; }

    /// <summary>The VMCOREINFO note; empty when the kernel gives none.</summary>
    internal PhysicalRange Vmcoreinfo { get; init; }

    /// <summary>All RAM of the machine, in any order; may overlap.</summary>
    internal required IReadOnlyList<PhysicalRange> Ram { get; init; }

    /// <summary>What is left out of it: the reservations.</summary>
    internal required IReadOnlyList<PhysicalRange> Excluded { get; init; }

    /// <summary>Where the kernel's virtual addresses map to.</summary>
    internal VirtualLayout Layout { get; init; } = VirtualLayout.Unknown;

    /// <summary>The RAM that the dump will hold, ascending.</summary>
    internal IReadOnlyList<PhysicalRange> DumpedRam =>
        PhysicalRanges.Without(Ram, [LowMemory, .. Excluded]);

    /// <summary>The header's bytes.</summary>
    /// <exception cref="DiagnosticException">There are more parts than an ELF header can count.</exception>
    internal byte[] ToBytes()
    {
        var headers = new List<Elf64ProgramHeader>();
        foreach (PhysicalRange notes in CpuNotes)
        {
            headers.Add(Note(notes));
        }

        if (!Vmcoreinfo.IsEmpty)
        {
            headers.Add(Note(Vmcoreinfo));
        }

        if (Layout.KernelText is { IsEmpty: false } text && Layout.KernelTextStart is { } textStart)
        {
            headers.Add(Load(text, textStart.Value));
        }

        foreach (PhysicalRange range in DumpedRam)
        {
            headers.Add(Load(range, Layout.DirectMapAddress(range.Start).Value));
        }

        if (headers.Count >= ushort.MaxValue)
        {
            throw new DiagnosticException(new Diagnostic(
                KexecDiagnostics.TooManyEntries, "The ELF core header cannot count all CPUs and ranges of memory")
            {
                Found = $"{headers.Count}",
                Expected = $"at most {ushort.MaxValue - 1}",
            });
        }

        var bytes = new byte[Elf64Header.Size + (headers.Count * Elf64ProgramHeader.Size)];
        new Elf64Header
        {
            Class = Elf64Header.Class64,
            Data = Elf64Header.LittleEndian,
            Type = Elf64Header.TypeCore,
            Machine = Elf64Header.MachineX64,
            ProgramHeaderSize = Elf64ProgramHeader.Size,
            ProgramHeaderOffset = Elf64Header.Size,
            ProgramHeaderCount = (ushort)headers.Count,
        }.WriteTo(bytes);
        for (int i = 0; i < headers.Count; i++)
        {
            headers[i].WriteTo(bytes.AsSpan(Elf64Header.Size + (i * Elf64ProgramHeader.Size)));
        }

        return bytes;
    }

    private static Elf64ProgramHeader Note(PhysicalRange range) => new()
    {
        Type = Elf64ProgramHeader.TypeNote,
        Offset = range.Start.Value,
        PhysicalAddress = range.Start.Value,
        FileSize = range.Length.Value,
        MemorySize = range.Length.Value,
    };

    private static Elf64ProgramHeader Load(PhysicalRange range, ulong virtualAddress) => new()
    {
        Type = Elf64ProgramHeader.TypeLoad,
        Flags = Elf64ProgramHeader.ReadWriteExecute,
        Offset = range.Start.Value,
        VirtualAddress = virtualAddress,
        PhysicalAddress = range.Start.Value,
        FileSize = range.Length.Value,
        MemorySize = range.Length.Value,
    };
}
