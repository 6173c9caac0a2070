using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Memory;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.Memory;

/// <summary>Slab caches, areas of processes and mapped areas as drgn finds them with debugging information.</summary>
public sealed class MemoryOracleTests : IDisposable
{
    private const string Script = """
        for cache in for_each_slab_cache(prog):
            name = cache.name.string_().decode()
            print('cache', name, hex(cache.value_()), cache.object_size.value_(), sep='|')
            if name in ('task_struct', 'vm_area_struct', 'dentry', 'kmalloc-64', 'kmalloc-192', 'filp', 'jbd2_journal_head'):
                for item in slab_cache_for_each_allocated_object(cache, 'char'):
                    print('object', name, hex(item.value_()), sep='|')
        for line in open(sys.argv[3]):
            area = Object(prog, 'struct vm_area_struct *', value=int(line, 16))
            path = d_path(area.vm_file.f_path).decode() if area.vm_file else ''
            print('area', hex(area.value_()), hex(area.vm_start), hex(area.vm_end), hex(area.vm_flags), path, sep='|')
        for area in rbtree_inorder_for_each_entry('struct vmap_area', prog['vmap_area_root'], 'rb_node'):
            print('vmap', hex(area.value_()), hex(area.va_start), hex(area.va_end), sep='|')
        for page in (0x1000, 0x2000, 0x5000, 0x13452, 0x14407):
            found = pfn_to_page(Object(prog, 'unsigned long', page))
            print('page', hex(found.value_()), hex(found.flags), found._refcount.counter.value_(), sep='|')
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Memory_is_what_drgn_finds()
    {
        Tools.Require(Tools.Drgn);
        (string path, string image) = RealDump.RequireWithImage();
        using var dump = CrashDump.Open(path);
        UserArea[] areas = [.. dump.Kernel.Tasks.Where(task => task.Memory is not null).SelectMany(task => task.Memory!.Areas)
            .DistinctBy(area => area.Object.Address)];
        Assert.InRange(areas.Length, 50, 10_000);

        // This drgn does not walk maple trees: it is told where the areas are.
        File.WriteAllLines(_folder.File("areas"), areas.Select(area => area.Object.Address.ToString()));
        ILookup<string, string> expected = Tools.AskDrgn(Script, path, image, _folder.File("areas"))
            .ToLookup(line => line[..line.IndexOf('|', StringComparison.Ordinal)]);
        KernelMemory memory = dump.Kernel.Memory;
        Same("cache", memory.SlabCaches.Select(cache => $"{cache.Name}|{cache.Object.Address}|{cache.ObjectSize?.Value}"));
        string[] asked = [.. expected["object"].Select(line => line.Split('|')[1]).Distinct()];
        Assert.Equal(7, asked.Length);
        Same("object", memory.SlabCaches.Where(cache => asked.Contains(cache.Name)).SelectMany(Allocated));
        Same("area", areas.Select(area => $"{area.Object.Address}|{area.Start}|{area.End}|0x{area.Flags:x}|{Path(area)}"));
        Same("vmap", memory.VmallocAreas.Select(area => $"{area.Object.Address}|{area.Start}|{area.End}"));
        Same("page", new ulong[] { 0x1000, 0x2000, 0x5000, 0x13452, 0x14407 }.Select(number => memory.Pages!.Find(new Pfn(number))!).Select(page =>
            $"{page.Address}|0x{page.Flags:x}|{page.References}"));

        void Same(string kind, IEnumerable<string> found) => Assert.Equal(
            expected[kind].Order(StringComparer.Ordinal), found.Select(line => $"{kind}|{line}").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Allocated(SlabCache cache) => cache.Slabs.SelectMany(slab =>
        Enumerable.Range(0, slab.ObjectCount).Where(slab.IsAllocated).Select(index => $"{cache.Name}|{slab.ObjectAt(index)}"));

    // drgn does not say that a file has no name any more, and of one that never had its file system only.
    private static string Path(UserArea area) => area.File is null ? ""
        : area.Name.StartsWith("socket:[", StringComparison.Ordinal) ? "[sockfs]"
        : area.Name.StartsWith("/SYSV", StringComparison.Ordinal) || area.Name == "/dev/zero (deleted)" ? "[tmpfs]"
        : area.Name == "/anon_hugepage (deleted)" ? "[hugetlbfs]"
        : area.Name.Replace(" (deleted)", "", StringComparison.Ordinal);
}
