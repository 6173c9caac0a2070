using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Output;

/// <summary>Tells a person how far writing a dump has come, in one line that is written over and over.</summary>
internal sealed class DumpProgressLine(TextWriter messages, TimeProvider time) : IProgress<DumpProgress>
{
    private readonly StatusLine _line = new(messages, time, TimeSpan.Zero);
    private long _stageStart = time.GetTimestamp();
    private DumpStage _stage;

    /// <summary>Does some work, and where a person watches shows how far it has come.</summary>
    public static T Watch<T>(Terminal terminal, Func<IProgress<DumpProgress>?, T> work)
        where T : class
    {
        DumpProgressLine? line = terminal.IsWatched ? new DumpProgressLine(terminal.Messages, TimeProvider.System) : null;
        try
        {
            return work(line);
        }
        finally
        {
            line?.Clear();
        }
    }

    public void Report(DumpProgress value)
    {
        if (value.Stage != _stage)
        {
            _stage = value.Stage;
            _stageStart = time.GetTimestamp();
        }

        if (_line.IsDue)
        {
            _line.Show(Describe(value, time.GetElapsedTime(_stageStart)));
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear() => _line.Clear();

    /// <summary>The line: how much of the stage is done, how fast, what is written, how long it will take.</summary>
    internal static string Describe(DumpProgress progress, TimeSpan elapsed)
    {
        double share = Math.Min(1, (double)progress.PagesDone / Math.Max(1, progress.PagesInAll));
        string text = progress.Stage switch
        {
            DumpStage.Classify => "sorting pages",
            DumpStage.Check => "checking pages",
            DumpStage.Sample => "packing a sample",
            _ => "writing pages",
        }
            + (progress.PagesInAll == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {100 * share,3:0} %"));
        if (elapsed > TimeSpan.Zero && progress.PagesDone > 0 && progress.PagesInAll > 0)
        {
            double pagesASecond = progress.PagesDone / elapsed.TotalSeconds;
            double left = (progress.PagesInAll - Math.Min(progress.PagesDone, progress.PagesInAll)) / pagesASecond;
            var rate = new ByteCount((ulong)Math.Min(pagesASecond * Pfn.PageSize, long.MaxValue));
            text += $", {rate}/s, {Duration(left)} left";
        }

        return progress.Stage == DumpStage.Write ? $"{text}, {progress.BytesWritten} written" : text;
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };
}
