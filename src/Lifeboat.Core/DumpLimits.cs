namespace Lifeboat.Core;

/// <summary>
/// The largest counts and lengths that are believed of an input. Everything that comes from a dump, an image or the
/// network is checked against these before memory is allocated for it.
/// </summary>
public sealed record DumpLimits
{
    /// <summary>The limits used when none are given.</summary>
    public static DumpLimits Default { get; } = new();

    /// <summary>Program headers of an ELF dump; the kernel makes at most 32,768 ranges.</summary>
    public int MaxProgramHeaders { get; init; } = 1 << 20;

    /// <summary>Bytes of all notes together; 8,192 CPUs take 3 MiB.</summary>
    public int MaxNoteBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of one VMCOREINFO; the kernel gives it one page.</summary>
    public int MaxVmcoreinfoBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of a page; 64 KiB is the largest any supported machine has.</summary>
    public int MaxPageSize { get; init; } = 64 << 10;

    /// <summary>The highest page frame number: 52 bits of physical address over 4 KiB pages.</summary>
    public ulong MaxPfn { get; init; } = 1UL << 40;

    /// <summary>Bytes of the kernel's log buffer (log_buf_len is at most 2 GiB; 16 MiB is already unusual).</summary>
    public int MaxLogBytes { get; init; } = 256 << 20;

    /// <summary>Records of the kernel's log.</summary>
    public int MaxLogRecords { get; init; } = 8 << 20;

    /// <summary>Sections of a sparse memory map (mem_section).</summary>
    public int MaxMemorySections { get; init; } = 1 << 24;

    /// <summary>Records of a flattened dump; makedumpfile writes one for every few hundred KiB.</summary>
    public int MaxFlattenedRecords { get; init; } = 1 << 24;

    /// <summary>Parts of a split dump.</summary>
    public int MaxSplitParts { get; init; } = 1024;

    /// <summary>Bytes of a dump that comes through a pipe, which are kept on a disk while it is read.</summary>
    public long MaxStreamBytes { get; init; } = 1L << 44;

    /// <summary>Bytes of a kernel image or a ramdisk.</summary>
    public long MaxImageBytes { get; init; } = 4L << 30;

    /// <summary>Bytes that one compressed file may expand to.</summary>
    public long MaxDecompressedBytes { get; init; } = 1L << 30;

    /// <summary>Symbols in the kernel's own table; a kernel with everything built in has under a million.</summary>
    public int MaxKernelSymbols { get; init; } = 1 << 22;

    /// <summary>Bytes of the names of all symbols, packed as they lie in memory; Debian's take 1.3 MiB.</summary>
    public int MaxSymbolTableBytes { get; init; } = 64 << 20;

    /// <summary>Characters of one symbol's name (KSYM_NAME_LEN is 512).</summary>
    public int MaxSymbolNameLength { get; init; } = 1024;

    /// <summary>Bytes of memory that are searched for the table of symbols when nothing says where it is.</summary>
    public int MaxSymbolSearchBytes { get; init; } = 256 << 20;

    /// <summary>Bytes of type data (BTF) of the kernel or of a module; Debian's kernels have 5 MiB.</summary>
    public int MaxTypeBytes { get; init; } = 64 << 20;

    /// <summary>Steps from a type to another that it stands for (typedef of const of array of ...).</summary>
    public int MaxTypeChain { get; init; } = 64;

    /// <summary>Objects that one walk over a list or tree of the kernel may give.</summary>
    public int MaxLinkedObjects { get; init; } = 1 << 24;

    /// <summary>Members that one search by name looks at, those of unnamed members included.</summary>
    public int MaxMembersSearched { get; init; } = 1 << 20;

    /// <summary>Entries of one table to unwind stacks by (ORC); Debian's kernels have 380,000.</summary>
    public int MaxUnwindEntries { get; init; } = 1 << 24;

    /// <summary>Modules whose code and unwind tables are looked at.</summary>
    public int MaxModuleTables { get; init; } = 1 << 14;

    /// <summary>Frames of one stack; a task's 16 KiB hold 2,048 return addresses.</summary>
    public int MaxStackFrames { get; init; } = 4096;

    /// <summary>Bytes of the header of a sealed file; a recipient takes 98.</summary>
    public int MaxSealedHeaderBytes { get; init; } = 128 << 10;

    /// <summary>Recipients of a sealed file.</summary>
    public int MaxSealedRecipients { get; init; } = 1024;

    /// <summary>Bytes of a file of keys or of recipients; a line takes at most 75 and its comments.</summary>
    public int MaxKeyFileBytes { get; init; } = 64 << 10;
}
