using System.Globalization;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Output;

/// <summary>Tells a person how far writing a dump has come, in one line that is written over and over.</summary>
internal sealed class DumpProgressLine(TextWriter messages, TimeProvider time) : IProgress<DumpProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private long _stageStart = time.GetTimestamp();
    private long _lastShown = time.GetTimestamp();
    private DumpStage _stage;
    private bool _isShown;

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
        long now = time.GetTimestamp();
        if (value.Stage != _stage)
        {
            _stage = value.Stage;
            _stageStart = now;
        }

        if (time.GetElapsedTime(_lastShown, now) >= Interval)
        {
            _lastShown = now;
            _isShown = true;
            messages.Write($"\r{Describe(value, time.GetElapsedTime(_stageStart, now))}\e[K");
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_isShown)
        {
            messages.Write("\r\e[K");
        }
    }

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
