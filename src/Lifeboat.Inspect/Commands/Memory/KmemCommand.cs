using Lifeboat.Inspect.Tables;

namespace Lifeboat.Inspect.Commands.Memory;

/// <summary><c>kmem</c>: what the kernel knew of memory.</summary>
internal sealed class KmemCommand : InspectCommand
{
    public override string Name => "kmem";

    public override string Summary => "the kernel's memory: totals, slab caches, free blocks, pages, areas, zones; what an address is";

    public override string Usage =>
        """
        kmem ADDRESS|SYMBOL...
        kmem -i | -f | -v | -n | -z | -V
        kmem -s [CACHE...]
        kmem -S CACHE...
        kmem -p [ADDRESS...]

          ADDRESS   what it belongs to: a symbol, an object of a slab cache and whether it is in use, a task's stack, a
                    mapped area, a page
          -i        memory at a glance, as /proc/meminfo has it; sizes in KiB
          -s        slab caches: all, or by name or address. ALLOCATED are objects in use, CPUS those that are free but
                    kept ready by CPUs, TOTAL what there is room for; SSIZE is a slab's size in KiB
          -S        every slab of a cache, and every object of it
          -f        free blocks by zone, order and what they are kept for
          -p        pages, by addresses in physical memory, in the direct map or of a struct page; or all of them
          -v        areas that are mapped page by page: vmalloc, ioremap, modules, stacks; sizes in KiB
          -n        memory nodes, zones and sections
          -z, -V    counters of zones, of nodes
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        var words = new CommandWords("kmem", arguments);
        if (!words.TryNext(out string option))
        {
            throw words.Wrong("an option or an address");
        }

        var rest = new List<string>();
        while (words.TryNext(out string word))
        {
            rest.Add(!word.StartsWith('-') ? word : throw words.Wrong("one option"));
        }

        if (rest.Count > 0 && option is "-i" or "-f" or "-v" or "-n" or "-z" or "-V")
        {
            throw words.Wrong($"nothing behind {option}");
        }

        return option switch
        {
            "-i" => [KmemTotals.Show(session.Kernel)],
            "-s" => [KmemSlabs.Show(session.Kernel, rest)],
            "-S" => KmemObjects.Show(session.Kernel, rest.Count > 0 ? rest : throw words.Wrong("caches behind -S")),
            "-f" => [KmemFree.Show(session.Kernel)],
            "-p" => [KmemPages.Show(session.Kernel, rest)],
            "-v" => [KmemAreas.Show(session.Kernel)],
            "-n" => KmemNodes.Show(session.Kernel),
            "-z" => [KmemCounters.ShowZones(session.Kernel)],
            "-V" => [KmemCounters.ShowNodes(session.Kernel)],
            ['-', ..] => throw words.Unknown(option),
            _ => [KmemOrigins.Show(session, [option, .. rest])],
        };
    }
}
