using Lifeboat.Core.Elf;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Machine;

/// <summary>
/// Reads the kernel's virtual layout from the program headers of /proc/kcore, which name the physical address of
/// directly mapped memory and of the kernel's text (since Linux 4.17; zero or -1 before and for other memory).
/// </summary>
internal static class KcoreLayoutReader
{
    /// <summary>The kernel's own image is mapped in the last 2 GiB (__START_KERNEL_map).</summary>
    private const ulong KernelMap = 0xffffffff80000000;

    /// <summary>What the headers in <paramref name="start"/>, the first bytes of the file, tell.</summary>
    /// <param name="start">The first bytes of the file.</param>
    /// <param name="kernelCode">"Kernel code" of /proc/iomem, which tells whether an address is right.</param>
    internal static VirtualLayout Read(ReadOnlySpan<byte> start, PhysicalRange kernelCode)
    {
        if (!Elf64Header.TryParse(start, out Elf64Header header)
            || header.Class != Elf64Header.Class64 || header.Data != Elf64Header.LittleEndian
            || header.Type != Elf64Header.TypeCore || header.ProgramHeaderSize != Elf64ProgramHeader.Size
            || header.ProgramHeaderOffset > (ulong)start.Length)
        {
            return VirtualLayout.Unknown;
        }

        VirtualLayout layout = VirtualLayout.Unknown;
        var offsets = new HashSet<ulong>();
        ReadOnlySpan<byte> rest = start[(int)header.ProgramHeaderOffset..];
        for (int i = 0; i < header.ProgramHeaderCount && Elf64ProgramHeader.TryParse(rest, out var part); i++)
        {
            rest = rest[Elf64ProgramHeader.Size..];
            if (part.Type != Elf64ProgramHeader.TypeLoad || part.PhysicalAddress is 0 or ulong.MaxValue)
            {
                continue;
            }

            if (part.VirtualAddress < KernelMap)
            {
                offsets.Add(unchecked(part.VirtualAddress - part.PhysicalAddress));
            }
            else if (part.PhysicalAddress == kernelCode.Start.Value && part.MemorySize < 1UL << 30)
            {
                layout = layout with
                {
                    KernelText = PhysicalRange.FromLength(kernelCode.Start, new ByteCount(part.MemorySize)),
                    KernelTextStart = new VirtualAddress(part.VirtualAddress),
                };
            }
        }

        // One direct mapping has one distance; more of them would mean that something else was read.
        return offsets.Count == 1 ? layout with { DirectMap = new VirtualAddress(offsets.First()) } : layout;
    }
}
