// Which slab cache is the largest, and with an earlier dump: which one grew?
//
//   dotnet run --project samples/SlabCaches -- DUMP [EARLIER-DUMP]
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;

if (args.Length is 0 or > 2)
{
    Console.Error.WriteLine("usage: SlabCaches DUMP [EARLIER-DUMP]");
    return 2;
}

Dictionary<string, long> now = Caches(args[0]);
Dictionary<string, long> before = args.Length == 2 ? Caches(args[1]) : [];

// Without an earlier dump all of a cache is growth.
Console.WriteLine($"{"KIB",10}  {"GREW BY",10}  CACHE");
foreach ((string name, long bytes) in now.OrderByDescending(cache => cache.Value - before.GetValueOrDefault(cache.Key)).Take(10))
{
    Console.WriteLine($"{bytes / 1024,10}  {(bytes - before.GetValueOrDefault(name)) / 1024,10}  {name}");
}

return 0;

static Dictionary<string, long> Caches(string path)
{
    using var dump = CrashDump.Open(path);
    CrashedKernel kernel = dump.Kernel;
    if (!kernel.TryFindGlobal("slab_caches", out KernelObject? caches))
    {
        return [];
    }

    // Sums by name: some caches exist once for each group of tasks.
    int nodes = kernel.TryFindGlobal("nr_node_ids", "unsigned int", out KernelObject? count) ? (int)(count.Unsigned ?? 1) : 1;
    return kernel.List(caches, "struct kmem_cache", "list")
        .GroupBy(cache => cache["name"].Text() ?? "?", cache => Slabs(cache, nodes) * BytesOfSlab(cache), StringComparer.Ordinal)
        .ToDictionary(cache => cache.Key, cache => cache.Sum(), StringComparer.Ordinal);
}

static long Slabs(KernelObject cache, int nodes) => Enumerable.Range(0, nodes)
    .Select(node => cache.TryGet("node", out KernelObject? pointers) ? pointers[node] : cache["per_node"][node]["node"])
    .Where(node => node.Pointer is { Value: not 0 })
    .Sum(node => node["nr_slabs.counter"].Signed ?? 0);

// The upper half says how many pages, as a power of two.
static long BytesOfSlab(KernelObject cache) => 4096L << (int)((cache["oo.x"].Unsigned ?? 0) >> 16 & 31);
