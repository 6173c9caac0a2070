using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore.Writing;

/// <summary>
/// At which virtual addresses the kernel sees physical memory: what debuggers want of an ELF dump's segments.
/// </summary>
internal sealed class KernelMappings
{
    private const ulong ImageBase = 0xffff_ffff_8000_0000;
    private const ulong ImageAlignment = 2UL << 20;
    private const ulong LargestImage = 1UL << 30;

    private KernelMappings()
    {
    }

    /// <summary>What to add to a physical address for the direct map; null when it is not known.</summary>
    internal ulong? DirectMapOffset { get; private init; }

    /// <summary>The first physical address of the kernel's image.</summary>
    internal ulong ImageStart { get; private init; }

    /// <summary>One past its last.</summary>
    internal ulong ImageEnd { get; private init; }

    /// <summary>What to add to a physical address of the image for its virtual address.</summary>
    internal ulong ImageOffset { get; private init; }

    internal static KernelMappings Find(DumpSource source)
    {
        if (Arm64PageTables.Describes(source.Vmcoreinfo))
        {
            return FindForArm64(source.Vmcoreinfo);
        }

        ulong? directMap = (source as ElfDumpSource)?.DirectMapOffset ?? DirectMapSearch.Find(source);
        if (!TryFindImage(source.Vmcoreinfo, ImageBase, out ulong start, out ulong end))
        {
            return new KernelMappings { DirectMapOffset = directMap };
        }

        _ = source.Vmcoreinfo.TryGetNumber("phys_base", out long physBase);
        ulong offset = unchecked(ImageBase - (ulong)physBase);
        return new KernelMappings
        {
            DirectMapOffset = directMap,
            ImageStart = unchecked(start - offset),
            ImageEnd = unchecked(end - offset),
            ImageOffset = offset,
        };
    }

    private static KernelMappings FindForArm64(Vmcoreinfo info)
    {
        ulong? linearMap = Arm64PageTables.FindLinearMap(info);
        if (!info.TryGetNumber("kimage_voffset", out long offset) || !TryFindImage(info, 0, out ulong start, out ulong end))
        {
            return new KernelMappings { DirectMapOffset = linearMap };
        }

        return new KernelMappings
        {
            DirectMapOffset = linearMap,
            ImageStart = unchecked(start - (ulong)offset),
            ImageEnd = unchecked(end - (ulong)offset),
            ImageOffset = unchecked((ulong)offset),
        };
    }

    /// <summary>From the start of the image's code to the highest of the symbols that VMCOREINFO names.</summary>
    private static bool TryFindImage(Vmcoreinfo info, ulong lowest, out ulong start, out ulong end)
    {
        (start, end) = (0, 0);
        if (!info.TryGetSymbol("_stext", out VirtualAddress text) || text.Value < lowest)
        {
            return false;
        }

        start = text.Value & ~(ImageAlignment - 1);
        ulong limit = start > ulong.MaxValue - LargestImage ? ulong.MaxValue : start + LargestImage;
        ulong highest = start;
        foreach (string name in (ReadOnlySpan<string>)[
            "init_top_pgt", "swapper_pg_dir", "init_uts_ns", "node_online_map", "mem_section", "prb", "clear_seq",
            "printk_rb_static", "node_data", "kallsyms_names", "kallsyms_token_index", "kallsyms_offsets"])
        {
            if (info.TryGetSymbol(name, out VirtualAddress address) && address.Value > highest && address.Value < limit)
            {
                highest = address.Value;
            }
        }

        end = (highest & ~(ImageAlignment - 1)) + ImageAlignment;
        return end > start;
    }
}
