// Which tasks have been blocked for longer than a minute, and on what?
//
//   dotnet run --project samples/BlockedTasks -- DUMP [SECONDS]
using System.Globalization;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Tasks;
using Lifeboat.Kernel.Waiting;

if (args.Length is 0 or > 2 || !double.TryParse(args.ElementAtOrDefault(1) ?? "60", CultureInfo.InvariantCulture, out double seconds))
{
    Console.Error.WriteLine("usage: BlockedTasks DUMP [SECONDS]");
    return 2;
}

using var dump = CrashDump.Open(args[0]);
var blocked = dump.Kernel.Tasks
    .Where(task => task.State == TaskState.Uninterruptible && task.NotRunFor >= TimeSpan.FromSeconds(seconds))
    .OrderByDescending(task => task.NotRunFor)
    .ToList();
Console.WriteLine($"{blocked.Count} tasks have been blocked for {seconds} s or longer");
foreach (KernelTask task in blocked)
{
    TaskWait? wait = task.Wait;
    string holder = wait?.Holder is { } owner ? $", which {owner} holds" : "";
    Console.WriteLine($"{task}: {task.NotRunFor?.TotalSeconds:0} s in {wait?.Function}, on {Show(wait)}{holder}");
    foreach (var frame in task.Stack?.Frames ?? [])
    {
        Console.WriteLine($"    {frame}");
    }
}

return 0;

static string Show(TaskWait? wait) => wait switch
{
    null or { Kind: WaitKind.Other } => "something its stack does not tell",
    { Address: { } address } => $"a {wait.Kind} at {address}",
    _ => $"a {wait.Kind}",
};
