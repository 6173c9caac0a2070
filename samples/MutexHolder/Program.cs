// Who holds this mutex, and who waits for it?
//
//   dotnet run --project samples/MutexHolder -- DUMP [SYMBOL | 0xADDRESS]
//
// Without a mutex, those that tasks wait for.
using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Kernel.Waiting;

if (args.Length is 0 or > 2)
{
    Console.Error.WriteLine("usage: MutexHolder DUMP [SYMBOL | 0xADDRESS]");
    return 2;
}

using var dump = CrashDump.Open(args[0]);
CrashedKernel kernel = dump.Kernel;
List<VirtualAddress> places = args.Length == 2 ? Named(kernel, args[1]) :
[
    .. kernel.Tasks.Where(task => task.State == TaskState.Uninterruptible).Select(task => task.Wait)
        .Where(wait => wait is { Kind: WaitKind.Mutex, Address: not null }).Select(wait => wait!.Address!.Value).Distinct(),
];
if (places.Count == 0)
{
    Console.WriteLine(args.Length == 2 ? $"there is no {args[1]}" : "no task waits for a mutex");
    return args.Length - 1;
}

foreach (VirtualAddress place in places)
{
    string name = kernel.Names.TryFind(place, out SymbolPlace? symbol) ? symbol.Symbol.Name : place.ToString();
    KernelMutex mutex = kernel.MutexAt(place)!;
    Console.WriteLine(
        mutex.IsLocked is not { } isLocked ? $"{name} cannot be read" :
        !isLocked ? $"nobody holds {name}" :
        mutex.Owner is { } owner ? $"{owner} holds {name}" : $"{name} is held, but not by a task that there is");
    if (mutex.Owner is { } holder)
    {
        PrintStack(holder);
    }

    foreach (Waiter waiter in mutex.Waiters)
    {
        Console.WriteLine($"{waiter.Task} waits for {name}");
        PrintStack(waiter.Task);
    }
}

return 0;

static List<VirtualAddress> Named(CrashedKernel kernel, string text) =>
    kernel.Names.TryFind(text, out SymbolPlace? place) ? [place.Symbol.Address] :
    text.StartsWith("0x", StringComparison.Ordinal)
        && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address)
        ? [new VirtualAddress(address)] : [];

static void PrintStack(KernelTask? task)
{
    foreach (var frame in task?.Stack?.Frames ?? [])
    {
        Console.WriteLine($"    {frame}");
    }
}
