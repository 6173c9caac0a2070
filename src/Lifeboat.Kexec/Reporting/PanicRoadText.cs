using System.Text;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Reporting;

/// <summary>The road from trouble to a capture as a table, a line for each kind of trouble.</summary>
internal static class PanicRoadText
{
    /// <summary>Writes the table and its notes; nothing for a road that was not read.</summary>
    internal static void Write(PanicRoad road, StringBuilder text, Func<string, bool, string> paint)
    {
        if (road.Rows.Count == 0)
        {
            return;
        }

        text.Append("\nWhat would happen now\n");
        int troubleWidth = 0;
        int outcomeWidth = 0;
        foreach (PanicRoadRow row in road.Rows)
        {
            troubleWidth = Math.Max(troubleWidth, row.Trouble.Length);
            outcomeWidth = Math.Max(outcomeWidth, Words(row.Outcome).Length);
        }

        foreach (PanicRoadRow row in road.Rows)
        {
            // Colours take no room on the screen: what is painted is padded first.
            string outcome = Words(row.Outcome).PadRight(outcomeWidth);
            outcome = row.Outcome == PanicOutcome.Captured ? paint(outcome, true) : row.IsGap ? paint(outcome, false) : outcome;
            text.Append($"  {row.Trouble.PadRight(troubleWidth)}  {outcome}  {Reason(row)}".TrimEnd()).Append('\n');
        }

        foreach (string note in road.Notes)
        {
            text.Append($"  note: {note}\n");
        }
    }

    /// <summary>The outcome as JSON has it.</summary>
    internal static string Name(PanicOutcome outcome) => outcome switch
    {
        PanicOutcome.Captured => "captured",
        PanicOutcome.GoesOn => "goesOn",
        PanicOutcome.Unnoticed => "unnoticed",
        PanicOutcome.Hangs => "hangs",
        PanicOutcome.RestartsWithoutDump => "restartsWithoutDump",
        _ => "unknown",
    };

    private static string Words(PanicOutcome outcome) => outcome switch
    {
        PanicOutcome.Captured => "captured",
        PanicOutcome.GoesOn => "goes on",
        PanicOutcome.Unnoticed => "unnoticed",
        PanicOutcome.Hangs => "hangs",
        PanicOutcome.RestartsWithoutDump => "restarts, no dump",
        _ => "unknown",
    };

    private static string Reason(PanicRoadRow row)
    {
        // That no capture kernel is loaded is said once, above, with what to do.
        if (row.Change is null || row.Outcome is PanicOutcome.Hangs or PanicOutcome.RestartsWithoutDump)
        {
            return row.Reason;
        }

        return row.Change.StartsWith("kernel.", StringComparison.Ordinal) || row.Change.StartsWith("vm.", StringComparison.Ordinal)
            ? $"{row.Reason}; sysctl {row.Change}" : $"{row.Reason}; {row.Change}";
    }
}
