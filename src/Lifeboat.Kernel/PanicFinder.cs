using Lifeboat.Kernel.Crash;

namespace Lifeboat.Kernel;

/// <summary>Finds the lines of a crash in a log.</summary>
/// <remarks>
/// <para>Only the kernel's own records count: anyone who may write to /dev/kmsg can write the same words.</para>
/// </remarks>
internal static class PanicFinder
{
    private const string PanicStart = "Kernel panic - not syncing: ";

    // Longer than any report of one cause; what lies further back is an older oops that the machine survived.
    private const int CauseReach = 400;

    internal static PanicSummary? Find(IReadOnlyList<LogRecord> records)
    {
        int panic = IndexOf(records, 0, static text => text.StartsWith(PanicStart, StringComparison.Ordinal));
        int cause = FindCause(records, panic);
        int first = cause >= 0 ? cause : panic;
        if (first < 0)
        {
            return null;
        }

        string? message = panic >= 0 ? FirstLine(records[panic].Text)[PanicStart.Length..] : null;
        string? causeText = cause >= 0 ? FirstLine(records[cause].Text) : null;
        int sysrq = IndexOf(records, Math.Max(0, first - CauseReach), static text => text == "sysrq: Trigger a crash");
        bool isSysrq = message is "sysrq triggered crash" || (sysrq >= 0 && sysrq < first);
        var summary = new PanicSummary
        {
            Message = message,
            Cause = causeText,
            Kind = isSysrq ? PanicKind.Sysrq : KindOf(causeText, message),
            Uptime = records[panic >= 0 ? panic : cause].Timestamp,
            Sequence = records[first].Sequence,
            FaultAddress = FaultText.Address(causeText),
            BlockedPid = FaultText.BlockedPid(causeText),
        };
        return AddTask(AddInstructionPointer(summary, records, first), records, first);
    }

    private static int FindCause(IReadOnlyList<LogRecord> records, int panic)
    {
        int end = panic >= 0 ? panic : records.Count;
        int from = Math.Max(0, end - CauseReach);
        int cause = -1;
        for (int i = from; i < end; i++)
        {
            if (records[i].Facility != 0)
            {
                continue;
            }

            // The first line of the last report: an oops prints several lines that could begin one.
            string text = records[i].Text;
            if (PanicCauses.IsCause(text) && (cause < 0 || !PanicCauses.IsSameReport(records[cause].Text, text)))
            {
                cause = i;
            }
        }

        return cause;
    }

    private static PanicKind KindOf(string? cause, string? message)
    {
        PanicKind kind = cause is null ? PanicKind.Other : PanicCauses.KindOf(cause);
        return message is null || kind is PanicKind.NullDereference or PanicKind.Bug or PanicKind.Oops
            ? kind : PanicCauses.KindOfPanic(message) is PanicKind.Other ? kind : PanicCauses.KindOfPanic(message);
    }

    private static PanicSummary AddInstructionPointer(PanicSummary summary, IReadOnlyList<LogRecord> records, int from)
    {
        // Selector 0x10 is the kernel's code; 0x33 is where the task was in user space.
        const string Start = "RIP: 0010:";
        int index = IndexOf(records, from, static text => text.StartsWith(Start, StringComparison.Ordinal));
        return index < 0 ? summary
            : summary with { InstructionPointer = FirstLine(records[index].Text)["RIP: ".Length..] };
    }

    private static PanicSummary AddTask(PanicSummary summary, IReadOnlyList<LogRecord> records, int from)
    {
        int index = IndexOf(records, from, static text => text.StartsWith("CPU: ", StringComparison.Ordinal)
            && text.Contains(" PID: ", StringComparison.Ordinal));
        return index < 0 ? summary : TaskLine.Parse(FirstLine(records[index].Text), summary);
    }

    private static int IndexOf(IReadOnlyList<LogRecord> records, int from, Func<string, bool> matches)
    {
        for (int i = from; i < records.Count; i++)
        {
            if (records[i].Facility == 0 && matches(records[i].Text))
            {
                return i;
            }
        }

        return -1;
    }

    private static string FirstLine(string text)
    {
        int end = text.IndexOf('\n');
        return end < 0 ? text : text[..end];
    }
}
