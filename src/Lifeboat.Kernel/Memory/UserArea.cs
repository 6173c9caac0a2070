using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Files;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Memory;

/// <summary>An area of a process's addresses (<c>struct vm_area_struct</c>).</summary>
/// <remarks><para>What cannot be read is null.</para></remarks>
public sealed class UserArea
{
    private const int LongestName = 256;
    private const ulong Read = 1; // VM_READ, VM_WRITE, VM_EXEC, VM_SHARED, VM_MAYSHARE
    private const ulong Write = 2;
    private const ulong Execute = 4;
    private const ulong MayShare = 0x80;

    private readonly CrashedKernel _kernel;
    private readonly ProcessMemory _memory;

    internal UserArea(CrashedKernel kernel, ProcessMemory memory, KernelObject area) =>
        (_kernel, _memory, Object) = (kernel, memory, area);

    /// <summary>The <c>struct vm_area_struct</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its first byte.</summary>
    public VirtualAddress? Start => Object["vm_start"].Pointer;

    /// <summary>The first byte behind it.</summary>
    public VirtualAddress? End => Object["vm_end"].Pointer;

    /// <summary>Its flags (VM_READ ...).</summary>
    public ulong? Flags => Object["vm_flags"].Unsigned;

    /// <summary>What may be done there, as in /proc/PID/maps: <c>rw-p</c>; null when its flags cannot be read.</summary>
    public string? Permissions => Flags is not { } flags ? null
        : $"{((flags & Read) != 0 ? 'r' : '-')}{((flags & Write) != 0 ? 'w' : '-')}{((flags & Execute) != 0 ? 'x' : '-')}"
            + ((flags & MayShare) != 0 ? "s" : "p");

    /// <summary>The file that it shows; null for none.</summary>
    public KernelObject? File => Object["vm_file"] is { Pointer: { Value: not 0 } } file ? file.Target : null;

    /// <summary>Where in the file it begins; zero for memory of no file.</summary>
    public FileOffset? Offset => File is null ? new FileOffset(0)
        : Object["vm_pgoff"].Unsigned is { } page ? new FileOffset(unchecked(page * Pfn.PageSize)) : null;

    /// <summary>The file's path, or what the memory is for, as in /proc/PID/maps: <c>[heap]</c>; empty when it has no name.</summary>
    public string Name => File is { } file ? FilePaths.Of(_kernel, file["f_path"]) ?? "?" : SpecialName() ?? PlaceName() ?? GivenName() ?? "";

    /// <summary>Whether an address lies in it.</summary>
    public bool Contains(VirtualAddress address) =>
        Start is { } start && End is { } end && address.Value >= start.Value && address.Value < end.Value;

    /// <summary>Code and data that the kernel itself puts into each process.</summary>
    private string? SpecialName() => _kernel.Symbols.TryFindAddress("special_mapping_vmops", out VirtualAddress operations)
        && Object["vm_ops"].Pointer == operations && Object["vm_private_data"].Pointer is { } mapping
        && _kernel.Types.TryFind("struct vm_special_mapping", out KernelType? type)
        ? _kernel.Object(type, mapping)["name"].Text(LongestName) : null;

    private string? PlaceName()
    {
        KernelObject memory = _memory.Object;
        return Start is not { } start || End is not { } end ? null
            : start.Value <= memory["brk"].Unsigned && end.Value >= memory["start_brk"].Unsigned ? "[heap]"
            : start.Value <= memory["start_stack"].Unsigned && end.Value >= memory["start_stack"].Unsigned ? "[stack]" : null;
    }

    private string? GivenName() => Object.TryGet("anon_name.name", out KernelObject? name) && name.Text(LongestName) is { Length: > 0 } text
        ? $"[anon:{text}]" : null;
}
