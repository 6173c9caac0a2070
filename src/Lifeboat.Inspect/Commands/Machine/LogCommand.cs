using System.Globalization;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;

namespace Lifeboat.Inspect.Commands.Machine;

/// <summary><c>log</c>: the kernel log.</summary>
internal sealed class LogCommand : InspectCommand
{
    public override string Name => "log";

    public override string Summary => "the kernel log";

    public override string Usage =>
        """
        log [-t | -T | -d] [-m] [-c]

          -t        no timestamps
          -T        timestamps by the wall clock (UTC), to a second: counted back from when the dump says it crashed
          -d        behind each timestamp the seconds since the message before
          -m        the level before each message: <0> emergency to <7> debug
          -c        who wrote it: T1 the task 1, C0 the CPU 0 when it ran no task

        It needs neither symbols nor types.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        (char time, bool level, bool caller) = ('s', false, false);
        foreach (string argument in arguments)
        {
            switch (argument)
            {
                case "-t" or "-T" or "-d":
                    time = argument[1];
                    break;
                case "-m":
                    level = true;
                    break;
                case "-c":
                    caller = true;
                    break;
                default:
                    throw new CommandException($"log has no option {argument}: help log says which it has");
            }
        }

        var log = KernelLog.Read(session.Dump);
        var table = new Table("log", new Column("", "line", ColumnKind.Text));
        DateTimeOffset? start = time == 'T' ? Start(session, log, table) : null;
        TimeSpan before = log.Records.Count > 0 ? log.Records[0].Timestamp : TimeSpan.Zero;
        foreach (LogRecord record in log.Records)
        {
            string prefix = Prefix(record, time, before, start) + (caller ? $"[{record.CallerText}] " : "") + (level ? $"<{record.Level}>" : "");
            foreach (string line in record.Text.TrimEnd('\n').Split('\n'))
            {
                table.Add(Cell.Text(prefix + line));
            }

            before = record.Timestamp;
        }

        foreach (Diagnostic diagnostic in log.Diagnostics)
        {
            table.Note(diagnostic.ToString());
        }

        return [table];
    }

    private static string Prefix(LogRecord record, char time, TimeSpan before, DateTimeOffset? start)
    {
        string stamp = string.Create(
            CultureInfo.InvariantCulture,
            $"{record.TimestampNanoseconds / 1_000_000_000,5}.{record.TimestampNanoseconds / 1_000 % 1_000_000:000000}");
        return time switch
        {
            't' => "",
            'T' when start is { } boot => $"[{Wall(boot, record.Timestamp)}] ",
            'd' => string.Create(CultureInfo.InvariantCulture, $"[{stamp} <{(record.Timestamp - before).TotalSeconds,12:0.000000}>] "),
            _ => $"[{stamp}] ",
        };
    }

    // A timestamp of a damaged log may lie beyond any date.
    private static string Wall(DateTimeOffset boot, TimeSpan since) => since < DateTimeOffset.MaxValue - boot
        ? (boot + since).ToString("ddd MMM dd HH:mm:ss 'UTC' yyyy", CultureInfo.InvariantCulture) : "?";

    private static DateTimeOffset? Start(InspectSession session, KernelLog log, Table table)
    {
        var report = CrashReport.Create(session.Dump, tailLength: 0, readsStacks: false);
        TimeSpan? uptime = report.Panic?.Uptime ?? (log.Records.Count > 0 ? log.Records[^1].Timestamp : null);
        if (report.CrashTime is { } crash && uptime is { } since && since < crash - DateTimeOffset.MinValue)
        {
            return crash - since;
        }

        table.Note("when it crashed is not known: the dump has no CRASHTIME; timestamps are since boot");
        return null;
    }
}
