using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Images;

/// <summary>
/// A Linux x86-64 kernel as it was linked (vmlinux), started at its own 64-bit entry, startup_64, without the
/// decompressor that a bzImage has before it.
/// </summary>
/// <remarks>
/// <code>
/// file    | ELF header | .text .rodata | .data | percpu | .init .bss .brk | debug information, symbols (not loaded)
/// memory               p_paddr (16 MiB, or where it is put) ...           end of the last PT_LOAD
/// </code>
/// <para>
/// <b>Relocation.</b> The entry runs at any physical address that lies a multiple of 2 MiB from where the kernel was
/// linked: __startup_64 takes the address of its own _text relative to the instruction pointer, adds the difference to
/// its page tables and to phys_base, and stops for ever when the difference is no multiple of 2 MiB
/// (arch/x86/kernel/head_64.S and head64.c, arch/x86/boot/startup/map_kernel.c since 6.16). That does not depend on
/// CONFIG_RELOCATABLE: in the decompressor that option decides only whether parse_elf keeps the distances of p_paddr
/// from the place it unpacked to, as is done here, or copies to p_paddr itself. Its handle_relocations is for a changed
/// virtual address (KASLR), and only the decompressor can do that: a vmlinux runs where it was linked in virtual memory.
/// </para>
/// <para>
/// <b>Setup header.</b> There is none. One must be made for boot_params, with boot_flag 0xaa55, "HdrS", version 2.12 or
/// later, loadflags LOADED_HIGH without KASLR_FLAG (nothing randomized anything), and type_of_loader other than zero:
/// the kernel ignores the ramdisk of a loader without a type (early_reserve_initrd). Command line, ramdisk, memory map
/// and setup_data stand where they always do.
/// </para>
/// <para>
/// <b>Paging.</b> The entry takes the paging depth as it finds it in CR4 (since 4.17, when built with
/// CONFIG_X86_5LEVEL, which distributions set): a machine with five levels stays with five.
/// </para>
/// </remarks>
internal sealed class ElfKernel : KernelImage
{
    private const ushort TypeExecutable = 2;

    /// <summary>What virtual addresses of a kernel are above its physical ones (__START_KERNEL_map).</summary>
    private const ulong KernelMap = 0xffffffff80000000;

    /// <summary>COMMAND_LINE_SIZE less the ending NUL.</summary>
    private const int CommandLineLength = 2047;

    private static readonly ByteCount LargePage = ByteCount.FromMiB(2);

    /// <summary>The kernel's own mapping has 1 GiB at the most (KERNEL_IMAGE_SIZE).</summary>
    private static readonly ByteCount LargestImage = ByteCount.FromMiB(1024);

    private ElfKernel(ElfProgram program, string name)
        : base(name)
    {
        PreferredAddress = program.Segments[0].Start;
        Parts = ImagePartBuilder.Build(program.Segments, PreferredAddress);
        EntryOffset = new PhysicalAddress(program.Entry) - PreferredAddress;
        MemorySize = Parts[^1].Offset + Parts[^1].MemorySize;
        KernelVersion = KernelBanner.Find(Parts);
    }

    /// <inheritdoc/>
    public override string Format => "ELF vmlinux";

    /// <inheritdoc/>
    public override KernelEntry Entry => KernelEntry.Linux64;

    /// <inheritdoc/>
    public override ByteCount EntryOffset { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ImagePart> Parts { get; }

    /// <summary>All of it: the last PT_LOAD ends with .bss, .brk and what comes after.</summary>
    public override ByteCount MemorySize { get; }

    /// <inheritdoc/>
    public override ByteCount Alignment => LargePage;

    /// <inheritdoc/>
    public override PhysicalAddress PreferredAddress { get; }

    /// <inheritdoc/>
    public override bool IsRelocatable => true;

    /// <inheritdoc/>
    public override bool CanBeLoadedAbove4G => true;

    /// <inheritdoc/>
    public override PhysicalAddress MaxRamdiskAddress => new(ulong.MaxValue >> 12);

    /// <inheritdoc/>
    public override bool SupportsFiveLevelPaging => true;

    /// <inheritdoc/>
    public override int MaxCommandLineLength => CommandLineLength;

    /// <inheritdoc/>
    public override string? KernelVersion { get; }

    /// <summary>Reads an ELF file and checks that it is a kernel.</summary>
    /// <exception cref="DiagnosticException">It is none, or a field is wrong.</exception>
    internal static ElfKernel Parse(ReadOnlyMemory<byte> file, string name)
    {
        ElfProgram program = ElfProgram.Read(file, name);
        if (!program.Is64Bit || program.Machine != Elf64Header.MachineX64)
        {
            throw ImageRefusal.Foreign("The ELF file is no 64-bit x86 kernel, and has no Multiboot header",
                $"{name}, e_machine at 0x12", $"machine {program.Machine}, {(program.Is64Bit ? 64 : 32)} bit",
                $"machine {Elf64Header.MachineX64} (x86-64), 64 bit");
        }

        if (program.Type != TypeExecutable)
        {
            throw ImageRefusal.Foreign("The ELF file is no kernel", $"{name}, e_type at 0x10",
                NameOfType(program.Type), "2 (executable)");
        }

        program.RequireSegments(name);
        ImageSegment first = program.Segments[0];
        ulong distance = unchecked(first.VirtualStart - first.Start.Value);
        if (distance != KernelMap)
        {
            throw ImageRefusal.Foreign("The ELF file is a program, but not a Linux kernel",
                $"{name}, p_vaddr at 0x{first.HeaderOffset + 16:x}", $"0x{first.VirtualStart:x}",
                $"0x{unchecked(first.Start.Value + KernelMap):x}, where a kernel at {first.Start} runs");
        }

        if (!first.Start.IsAligned(LargePage))
        {
            throw ImageRefusal.Damaged("The kernel is linked to an impossible address",
                $"{name}, p_paddr at 0x{first.HeaderOffset + 24:x}", $"{first.Start}", "a multiple of 2 MiB");
        }

        ByteCount memory = program.Segments[^1].End - first.Start;
        if (memory > LargestImage)
        {
            throw ImageRefusal.Damaged("The kernel is larger than any kernel is",
                $"{name}, p_memsz at 0x{program.Segments[^1].HeaderOffset + 40:x}", $"{memory} in all",
                $"at most {LargestImage}");
        }

        if (program.HolderOf(program.Entry) is null)
        {
            throw ImageRefusal.Damaged("The kernel's first instruction lies outside of what the file holds",
                $"{name}, e_entry at 0x18", $"0x{program.Entry:x}",
                "an address in a PT_LOAD (a file of debug information only has none of the code)");
        }

        return new ElfKernel(program, name);
    }

    private static string NameOfType(ushort type) => type switch
    {
        1 => "1 (an object file; a kernel module?)",
        3 => "3 (a shared object or position-independent program)",
        4 => "4 (a core file; a memory dump?)",
        _ => $"{type}",
    };
}
