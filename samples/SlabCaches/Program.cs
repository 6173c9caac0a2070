// Which slab cache is the largest, and with an earlier dump: which one grew?
//
//   dotnet run --project samples/SlabCaches -- DUMP [EARLIER-DUMP]
using Lifeboat.Kernel;

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

// Sums by name: some caches exist once for each group of tasks.
static Dictionary<string, long> Caches(string path)
{
    using var dump = CrashDump.Open(path);
    return dump.Kernel.Memory.SlabCaches
        .GroupBy(cache => cache.Name ?? "?", cache => cache.Usage.Slabs * (long)(cache.SlabSize?.Value ?? 0), StringComparer.Ordinal)
        .ToDictionary(cache => cache.Key, cache => cache.Sum(), StringComparer.Ordinal);
}
