using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands.Machine;

/// <summary><c>sys</c>: the machine and the kernel that crashed.</summary>
internal sealed class SysCommand : InspectCommand
{
    public override string Name => "sys";

    public override string Summary => "the machine and the kernel: release, CPUs, uptime, load, memory, panic, taint";

    public override string Usage =>
        """
        sys

        CPUS are those that could run, and those that did. UPTIME is that of the log's last line or of a CPU's clock,
        whichever is later. TASKS counts every thread and the idle task of each CPU. MEMORY is the RAM that the dump tells of.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        CrashedKernel kernel = session.Kernel;
        if (arguments is not [])
        {
            throw new CommandException("sys takes nothing");
        }

        var report = CrashReport.Create(kernel.Dump, tailLength: 0, readsStacks: false);
        var columns = new List<Column>();
        var cells = new List<Cell>();
        void Add(string title, string key, string? value)
        {
            columns.Add(new Column(title, key, ColumnKind.Text));
            cells.Add(Cell.Text(value));
        }

        KernelWalk<KernelTask> tasks = kernel.Tasks;
        Add("RELEASE", "release", report.Kernel.Release);
        Add("VERSION", "version", report.Kernel.Version);
        Add("MACHINE", "machine", report.Kernel.Machine);
        Add("NODENAME", "node", report.Kernel.NodeName);
        Add("DUMP", "dump", $"{report.Path} ({report.Format}{(report.IsIncomplete ? ", incomplete" : "")})");
        Add("CPUS", "cpus", $"{kernel.Cpus.Count} possible, {kernel.OnlineCpus.Count} online");
        Add("DATE", "date", report.CrashTime?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture));
        Add("UPTIME", "uptime", Uptime(kernel, report));
        Add("LOAD AVERAGE", "loadAverage", LoadText.Of(kernel.LoadAverages));
        Add("TASKS", "tasks", Count(tasks).ToString(CultureInfo.InvariantCulture));
        Add("MEMORY", "memory", report.Ram.ToString());
        Add("PANIC", "panic", report.Panic is { } panic ? panic.Message ?? panic.Cause : "");
        Add("TAINT", "taint", Number(kernel, "tainted_mask") is { } bits ? TaintLetters.Explain(bits) : null);
        Add("COMMAND LINE", "commandLine", kernel.TryFindGlobal("saved_command_line", out KernelObject? line) ? line.Text() : null);
        var table = new Table("system", columns) { IsRecord = true };
        table.Add(cells);
        WalkNotes.Add(table, "tasks", tasks);
        return [table];
    }

    private static int Count(KernelWalk<KernelTask> tasks)
    {
        int count = 0;
        foreach (KernelTask task in tasks)
        {
            count += task.Address == VirtualAddress.Null ? 0 : 1;
        }

        return count;
    }

    private static string? Uptime(CrashedKernel kernel, CrashReport report)
    {
        TimeSpan? uptime = report.Panic?.Uptime;
        TimeSpan? clock = kernel.SchedulerTime;
        uptime = uptime is null || clock > uptime ? clock ?? uptime : uptime;
        return uptime?.ToString(uptime.Value.Days > 0 ? @"d' days 'hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);
    }

    private static ulong? Number(CrashedKernel kernel, string name) =>
        kernel.TryFindGlobal(name, out KernelObject? value) ? value.Unsigned : null;
}
