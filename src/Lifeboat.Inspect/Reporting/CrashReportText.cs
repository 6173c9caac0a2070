using System.Globalization;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Reporting;

/// <summary>A crash report as text for a person: the answer first.</summary>
public static class CrashReportText
{
    /// <summary>Writes the report.</summary>
    public static void Write(CrashReport report, TextWriter output)
    {
        WriteCrash(report, output);
        output.WriteLine();
        output.WriteLine($"  dump      {report.Path}");
        Field("format", report.Format + (report.IsIncomplete ? ", INCOMPLETE: it was not written to its end" : ""), output);
        Field("size", $"{FileSize(report)}{report.Ram} of RAM{Percentage(report)}{Level(report)}", output);
        output.WriteLine();
        if (report.LogTail.Count > 0)
        {
            output.WriteLine(
                $"  last {report.LogTail.Count} lines of the log (all of it: lifeboat inspect {report.Path} log)");
        }

        foreach (string line in report.LogTail)
        {
            output.WriteLine($"    {line}");
        }

        foreach (Diagnostic diagnostic in report.Diagnostics)
        {
            output.WriteLine($"  note: {diagnostic}");
        }
    }

    /// <summary>Writes only what happened: kind and message, kernel, task, uptime.</summary>
    public static void WriteCrash(CrashReport report, TextWriter output)
    {
        PanicSummary? panic = report.Panic;
        output.WriteLine(panic is null
            ? report.LogTail.Count > 0
                ? "No panic: the log of this dump tells of no crash"
                : "No log: whether there was a panic cannot be told"
            : $"{Describe(panic.Kind)}: {PlainText.Printable(panic.Message ?? panic.Cause ?? "no message")}");
        output.WriteLine();
        Field("cause", panic?.Message is null ? null : panic.Cause, output);
        Field("kernel", $"{report.Kernel.SystemName} {report.Kernel.Release} {report.Kernel.Machine}".Trim(), output);
        Field("build", report.Kernel.Version, output);
        Field("host", report.Kernel.NodeName, output);
        Field("time", report.CrashTime?.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture), output);
        Field("uptime", panic?.Uptime is { } uptime ? Duration(uptime) : null, output);
        Field("task", panic is null ? null : Task(panic), output);
        Field("at", panic?.InstructionPointer, output);
        Field("taint", panic?.Taint, output);
        Field("bug id", report.Signature, output);
        foreach (CpuStack stack in report.Stacks)
        {
            WriteStack(stack, output);
        }
    }

    /// <summary>A kind of crash in words.</summary>
    public static string Describe(PanicKind kind) => kind switch
    {
        PanicKind.Sysrq => "Crash asked for through sysrq",
        PanicKind.NullDereference => "NULL pointer dereference",
        PanicKind.Oops => "Oops",
        PanicKind.Bug => "BUG",
        PanicKind.HungTask => "Hung task",
        PanicKind.Lockup => "Lockup",
        PanicKind.OutOfMemory => "Out of memory",
        _ => "Panic",
    };

    private static void WriteStack(CpuStack stack, TextWriter output)
    {
        output.WriteLine();
        string task = stack.Pid is null && stack.Command is null ? "an unknown task"
            : $"{PlainText.Printable(stack.Command ?? "?")} pid {stack.Pid}";
        output.WriteLine($"  CPU {stack.Cpu}: {task}{(stack.Frames.Count == 0 && stack.End is null ? ", in user mode" : "")}");
        foreach (string frame in stack.Frames)
        {
            output.WriteLine($"    {PlainText.Printable(frame)}");
        }

        if (stack.End is not null)
        {
            output.WriteLine($"    the stack ends: {PlainText.Printable(stack.End)}");
        }
    }

    private static void Field(string name, string? value, TextWriter output)
    {
        if (!string.IsNullOrEmpty(value))
        {
            output.WriteLine($"  {name,-8}  {PlainText.Printable(value)}");
        }
    }

    private static string? Task(PanicSummary panic)
    {
        var parts = new List<string>(3);
        if (panic.Command is not null)
        {
            parts.Add(panic.Command);
        }

        if (panic.Pid is int pid)
        {
            parts.Add($"pid {pid}");
        }

        if (panic.Cpu is int cpu)
        {
            parts.Add($"on CPU {cpu}");
        }

        return string.Join(' ', parts);
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
