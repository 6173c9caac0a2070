using System.Globalization;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Memory;

namespace Lifeboat.Inspect.Reporting;

/// <summary>A crash report as text for a person: the answer first, all of it on one screen.</summary>
public static class CrashReportText
{
    private const int MostLines = 10;
    private const int RegistersOfLine = 4;
    private const int CodeBytesBefore = 16;
    private const int CodeBytesAfter = 12;

    /// <summary>Stands above the stacks of all tasks, which end a report.</summary>
    public const string TasksHeading = "Every task";

    /// <summary>Writes the report.</summary>
    public static void Write(CrashReport report, TextWriter output)
    {
        WriteCrash(report, output);
        IReadOnlyList<string> log = report.LogAround.Count > 0 ? report.LogAround : report.LogTail;
        if (log.Count > 0)
        {
            string what = report.LogAround.Count > 0 ? "The log around it" : "The log's end";
            Heading($"{what} (all of it: lifeboat inspect {report.Path} log)", output);
        }

        foreach (string line in log)
        {
            output.WriteLine($"    {line}");
        }

        output.WriteLine();
        Field("dump", $"{report.Path}, {report.Format}{(report.IsIncomplete ? ", INCOMPLETE: it was not written to its end" : "")}", output);
        Field("size", $"{FileSize(report)}{report.Ram} of RAM{Percentage(report)}{Level(report)}", output);
        foreach (Diagnostic diagnostic in report.Diagnostics)
        {
            output.WriteLine($"  note: {diagnostic}");
        }

        if (report.Tasks.Count > 0)
        {
            Heading(TasksHeading, output);
        }

        foreach (ReportTask task in report.Tasks)
        {
            WriteStack($"{task.Command} pid {task.Pid} {task.State}", task.Frames, task.End, output);
        }

        if (report.Tasks.Count > 0 && report.Tasks.Count < report.TaskCount)
        {
            Heading($"and {report.TaskCount - report.Tasks.Count} more: lifeboat inspect {report.Path} bt -A", output);
        }
    }

    /// <summary>Writes only what happened: kind and place, kernel, task, stacks, memory.</summary>
    public static void WriteCrash(CrashReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        PanicSummary? panic = report.Panic;
        CrashSite? site = report.Site;
        output.WriteLine(PlainText.Printable(Headline(report)));
        output.WriteLine();
        Field("message", site?.Place is null ? null : panic?.Message, output);
        Field("cause", panic?.Message is null && site?.Place is null ? null : panic?.Cause, output);
        Field("at", site?.Place is null ? panic?.InstructionPointer : null, output);
        Field("address", site?.FaultAddress is null ? null : $"{site.FaultAddress}: {site.FaultAddressIs}", output);
        Field("code", ShortCode(site?.Code), output);
        Field("task", Task(report), output);
        Field("kernel", $"{report.Kernel.SystemName} {report.Kernel.Release} {report.Kernel.Machine} {report.Kernel.Version}".Trim(), output);
        Field("host", report.Kernel.NodeName, output);
        Field("time", report.CrashTime?.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture), output);
        Field("uptime", Uptime(report), output);
        Field("memory", report.Memory is { } memory ? MemoryText(memory) : null, output);
        Field("taint", report.TaintMeaning ?? panic?.Taint, output);
        Field("modules", ModulesText(report.Modules), output);
        Field("bug id", report.Signature, output);
        WriteRegisters(panic?.Kind, site, output);
        if (site?.Task is { } blocked)
        {
            WriteStack($"{blocked.Command} pid {blocked.Pid}, blocked for too long", blocked.Frames, blocked.End, output);
        }

        if (report.Stacks.Count > 0)
        {
            CpuStack stack = report.Stacks[0];
            WriteStack($"CPU {stack.Cpu}: {CpuText.Task(stack)}{CpuText.InUserMode(stack)}", stack.Frames, stack.End, output);
        }

        WriteOtherCpus(report, output);
        WriteBlocked(report, output);
    }

    /// <summary>What happened and where, in one line.</summary>
    public static string Headline(CrashReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Panic is not { } panic
            ? report.LogTail.Count > 0
                ? "No panic: the log of this dump tells of no crash"
                : "No log: whether there was a panic cannot be told"
            : report.Site?.Place is { } place ? $"{Describe(panic.Kind)} at {place}"
            : $"{Describe(panic.Kind)}: {panic.Message ?? panic.Cause ?? "no message"}";
    }

    /// <summary>A kind of crash in words.</summary>
    public static string Describe(PanicKind kind) => kind switch
    {
        PanicKind.Sysrq => "Crash asked for through sysrq",
        PanicKind.NullDereference => "NULL pointer dereference",
        PanicKind.Oops => "Oops",
        PanicKind.Bug => "BUG",
        PanicKind.HungTask => "Hung task",
        PanicKind.SoftLockup => "Soft lockup",
        PanicKind.HardLockup => "Hard lockup",
        PanicKind.RcuStall => "RCU stall",
        PanicKind.OutOfMemory => "Out of memory",
        PanicKind.Nmi => "Non-maskable interrupt",
        PanicKind.MachineCheck => "Machine check",
        PanicKind.Warning => "Warning",
        PanicKind.InitEnded => "Process 1 ended",
        _ => "Panic",
    };

    /// <summary>What is used and what is free, in one line.</summary>
    internal static string MemoryText(MemoryUse memory) =>
        $"{memory.Total}: {memory.Free} free, {memory.Cached} cached, {memory.Anonymous} of processes, {memory.Shared} shared, "
        + $"{memory.Slab} slab, {memory.Stacks} stacks, {memory.Other} other";

    /// <summary>The time since boot, with the load when it is known.</summary>
    internal static string? Uptime(CrashReport report) => (report.Panic?.Uptime ?? report.Uptime) is not { } uptime ? null
        : Duration(uptime) + (LoadText.Of(report.Load) is { } load ? $", load {load}" : "");

    /// <summary>The task that it happened to, with its CPU.</summary>
    internal static string? Task(CrashReport report)
    {
        if (report.Panic is not { } panic)
        {
            return null;
        }

        var text = new StringBuilder(panic.Command);
        text.Append(panic.Pid is { } pid ? $" pid {pid}" : "").Append(panic.Cpu is { } cpu ? $" on CPU {cpu}" : "");
        return text.ToString().Trim();
    }

    /// <summary>Modules from elsewhere by name, the kernel's own by number.</summary>
    internal static string? ModulesText(IReadOnlyList<ReportModule> modules)
    {
        var foreign = new List<string>();
        foreach (ReportModule module in modules)
        {
            if (module.Taint.Length > 0)
            {
                foreign.Add(module.ToString());
            }
        }

        int own = modules.Count - foreign.Count;
        return modules.Count == 0 ? null : foreign.Count == 0 ? $"{own}, all of the kernel's own"
            : $"{string.Join(' ', foreign)}, and {own} of the kernel's own";
    }

    private static void WriteRegisters(PanicKind? kind, CrashSite? site, TextWriter output)
    {
        if (site is null || !site.IsInstruction || kind is not { } known || !CrashPlaces.IsInterruption(known))
        {
            return;
        }

        Heading("Registers", output);
        for (int i = 0; i < site.Registers.Count; i += RegistersOfLine)
        {
            var line = new StringBuilder("  ");
            for (int at = i; at < Math.Min(i + RegistersOfLine, site.Registers.Count); at++)
            {
                line.Append($"  {site.Registers[at].Name,-6} {site.Registers[at].Value}");
            }

            output.WriteLine(line.ToString());
        }
    }

    private static void WriteOtherCpus(CrashReport report, TextWriter output)
    {
        if (report.Stacks.Count < 2)
        {
            return;
        }

        Heading("Other CPUs", output);
        int written = 0;
        for (int i = 1; i < report.Stacks.Count && written < MostLines; i++, written++)
        {
            CpuStack stack = report.Stacks[i];
            output.WriteLine($"    CPU {stack.Cpu}: {PlainText.Printable($"{CpuText.Task(stack)}{CpuText.Doing(stack)}")}");
        }

        if (report.Stacks.Count - 1 > written)
        {
            output.WriteLine($"    and {report.Stacks.Count - 1 - written} more: lifeboat inspect {report.Path} bt -a");
        }
    }

    private static void WriteBlocked(CrashReport report, TextWriter output)
    {
        if (report.BlockedCount == 0)
        {
            return;
        }

        Heading($"Blocked tasks: {report.BlockedCount}", output);
        int written = Math.Min(report.Blocked.Count, MostLines);
        for (int i = 0; i < written; i++)
        {
            ReportTask task = report.Blocked[i];
            string time = task.Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $" for {seconds:0.0} s") : "";
            output.WriteLine($"    {PlainText.Printable($"{task.Command ?? "?"} pid {task.Pid}{time} in {task.WaitsIn ?? "an unknown place"}")}");
        }

        if (report.BlockedCount > written)
        {
            output.WriteLine($"    and {report.BlockedCount - written} more: lifeboat inspect {report.Path} ps");
        }
    }

    private static void WriteStack(string title, IReadOnlyList<string> frames, string? end, TextWriter output)
    {
        Heading(PlainText.Printable(title), output);
        foreach (string frame in frames)
        {
            output.WriteLine($"    {PlainText.Printable(frame)}");
        }

        if (end is not null)
        {
            output.WriteLine($"    the stack ends: {PlainText.Printable(end)}");
        }
    }

    private static void Heading(string text, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"  {text}");
    }

    private static void Field(string name, string? value, TextWriter output)
    {
        if (!string.IsNullOrEmpty(value))
        {
            output.WriteLine($"  {name,-8}  {PlainText.Printable(value)}");
        }
    }

    // The kernel's 64 bytes are two lines of a terminal; these are the nearest.
    private static string? ShortCode(string? code)
    {
        int mark = code?.IndexOf('<', StringComparison.Ordinal) ?? -1;
        if (mark < 0)
        {
            return code;
        }

        int start = Math.Max(0, mark - (3 * CodeBytesBefore));
        return code![start..Math.Min(code!.Length, mark + 4 + (3 * CodeBytesAfter))];
    }

    private static string Duration(TimeSpan time) => time.TotalDays >= 1
        ? $"{(int)time.TotalDays} {(time.TotalDays < 2 ? "day" : "days")} {time:hh\\:mm\\:ss}"
        : time.TotalMinutes >= 1 ? $"{time:hh\\:mm\\:ss}" : $"{time.TotalSeconds:0.0} s";

    private static string FileSize(CrashReport report) =>
        report.FileSize == ByteCount.Zero ? "" : $"{report.FileSize} for ";

    private static string Percentage(CrashReport report) => report.Ram == ByteCount.Zero || report.FileSize == ByteCount.Zero
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" ({100.0 * report.FileSize.Value / report.Ram.Value:0.0} %)");

    private static string Level(CrashReport report) => report.Level is { } level ? $", dump level {(int)level}" : "";
}
