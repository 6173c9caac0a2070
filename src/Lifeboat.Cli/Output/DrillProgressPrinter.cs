using Lifeboat.Drill;

namespace Lifeboat.Cli.Output;

/// <summary>Tells how a drill goes: a line a milestone, and notes in between.</summary>
internal sealed class DrillProgressPrinter(Terminal terminal) : IProgress<DrillEvent>
{
    public void Report(DrillEvent value)
    {
        string text = value.Stage is { } stage
            ? $"{terminal.MessagePaint.Good("ok")}  {stage.Describe()}{(value.Text.Length > 0 ? $": {value.Text}" : "")}"
            : terminal.MessagePaint.Dim($"    {value.Text}");
        terminal.Messages.WriteLine($"{value.At.TotalSeconds,6:0.0} s  {text}");
    }
}
