using System.Globalization;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>Says how far writing a dump has come, for people.</summary>
public static class DumpProgressText
{
    // A stage begins with its first report, and a piece that was done before that.
    private static readonly TimeSpan ShortestForRate = TimeSpan.FromSeconds(1);

    /// <summary>How much of the stage is done, how fast, how long it will take, what is written.</summary>
    /// <param name="progress">How far it has come.</param>
    /// <param name="elapsed">The time since the stage began.</param>
    public static string Describe(DumpProgress progress, TimeSpan elapsed)
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
        if (elapsed >= ShortestForRate && progress.PagesDone > 0 && progress.PagesInAll > 0)
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
