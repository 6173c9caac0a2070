using System.Globalization;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;
using Lifeboat.Kernel.Time;

namespace Lifeboat.Inspect.Commands.Devices;

/// <summary><c>timer</c>: timers that had not gone off.</summary>
internal sealed class TimerCommand : InspectCommand
{
    public override string Name => "timer";

    public override string Summary => "timers that had not gone off, and what they call";

    public override string Usage =>
        """
        timer [-r] [-C CPU]

          -r      high-resolution timers (hrtimer), in nanoseconds of the clock that each goes by
          -C CPU  only this CPU

        Without -r, the timers of the wheels: EXPIRES is in jiffies, LEFT is how many of them there were to go, below zero
        for a timer that is late. SOFTEXPIRES is the first moment at which a timer may go off, EXPIRES the last one.
        """;

    public override IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(arguments);
        (bool fine, int? cpu) = (false, null);
        var words = new CommandWords("timer", arguments);
        while (words.TryNext(out string word))
        {
            switch (word)
            {
                case "-r":
                    fine = true;
                    break;
                case "-C":
                    cpu = int.TryParse(words.ValueOf("-C"), NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed
                        : throw words.Wrong("the number of a CPU behind -C");
                    break;
                case ['-', ..]:
                    throw words.Unknown(word);
                default:
                    throw words.Wrong("options only");
            }
        }

        return [fine ? HighResolution(session.Kernel, cpu) : Wheels(session.Kernel, cpu)];
    }

    private static Table Wheels(CrashedKernel kernel, int? cpu)
    {
        ulong? now = kernel.TryFindGlobal("jiffies", out KernelObject? jiffies) ? jiffies.Unsigned : null;
        var table = new Table(
            "timers",
            new Column("CPU", "cpu", ColumnKind.Number),
            new Column("WHEEL", "wheel", ColumnKind.Text),
            new Column("EXPIRES", "expires", ColumnKind.Number),
            new Column("LEFT", "left", ColumnKind.Number),
            new Column("TIMER", "timer", ColumnKind.Hex),
            new Column("FUNCTION", "function", ColumnKind.Text))
        { Title = string.Create(CultureInfo.InvariantCulture, $"jiffies {(now is null ? Cell.Missing : now)}") };
        KernelWalk<WheelTimer> timers = kernel.Timers;
        var sorted = new List<WheelTimer>();
        foreach (WheelTimer timer in timers)
        {
            if (cpu is null || timer.Cpu == cpu)
            {
                sorted.Add(timer);
            }
        }

        sorted.Sort(Compare);
        foreach (WheelTimer timer in sorted)
        {
            ulong? expires = timer.Expires;
            table.Add(
                Cell.Number(timer.Cpu),
                Cell.Text(timer.Wheel),
                Cell.Unsigned(expires),
                Cell.Number(unchecked((long?)(expires - now))),
                Cell.Address(timer.Object.Address),
                Cell.Text(NameOf(kernel, timer.Function)));
        }

        WalkNotes.Add(table, "timers", timers);
        return table;
    }

    private static int Compare(WheelTimer left, WheelTimer right)
    {
        int byCpu = left.Cpu.CompareTo(right.Cpu);
        int byWheel = byCpu != 0 ? byCpu : string.CompareOrdinal(right.Wheel, left.Wheel);
        return byWheel != 0 ? byWheel : (left.Expires ?? 0).CompareTo(right.Expires ?? 0);
    }

    private static Table HighResolution(CrashedKernel kernel, int? cpu)
    {
        var table = new Table(
            "highResolutionTimers",
            new Column("CPU", "cpu", ColumnKind.Number),
            new Column("CLOCK", "clock", ColumnKind.Text),
            new Column("SOFTEXPIRES", "softExpires", ColumnKind.Number),
            new Column("EXPIRES", "expires", ColumnKind.Number),
            new Column("HRTIMER", "timer", ColumnKind.Hex),
            new Column("FUNCTION", "function", ColumnKind.Text));
        KernelWalk<HighResolutionTimer> timers = kernel.HighResolutionTimers;
        foreach (HighResolutionTimer timer in timers)
        {
            if (cpu is null || timer.Cpu == cpu)
            {
                table.Add(
                    Cell.Number(timer.Cpu),
                    Cell.Text(timer.Clock ?? ""),
                    Cell.Number(timer.SoftExpires),
                    Cell.Number(timer.Expires),
                    Cell.Address(timer.Object.Address),
                    Cell.Text(NameOf(kernel, timer.Function)));
            }
        }

        WalkNotes.Add(table, "timers", timers);
        return table;
    }

    private static string? NameOf(CrashedKernel kernel, Core.Memory.VirtualAddress? function) =>
        function is { } address ? Places.NameOf(kernel, address) ?? address.ToString() : null;
}
