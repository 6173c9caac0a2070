using System.Globalization;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>Tells how far writing a dump has come, in makedumpfile's way, at most once a second and when a step ends.</summary>
internal sealed class MakedumpfileProgress(MakedumpfileMessages messages, TimeProvider time) : IProgress<DumpProgress>
{
    private const string Spinner = "/|\\-";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private DumpStage _stage = DumpStage.Classify;
    private long _stageStart = time.GetTimestamp();
    private long _told;
    private int _turn;

    public void Report(DumpProgress value)
    {
        long now = time.GetTimestamp();
        if (value.Stage != _stage)
        {
            Finish();
            _stage = value.Stage;
            _stageStart = now;
        }

        if (_told != 0 && time.GetElapsedTime(_told, now) < Interval)
        {
            return;
        }

        _told = now;
        double share = value.PagesInAll == 0 ? 1 : Math.Min(1, (double)value.PagesDone / value.PagesInAll);
        Tell(share, share > 0.0001 ? (time.GetElapsedTime(_stageStart, now) / share) - time.GetElapsedTime(_stageStart, now) : null);
    }

    /// <summary>Tells that the step has ended.</summary>
    public void Finish()
    {
        Tell(1, TimeSpan.Zero);
        TimeSpan elapsed = time.GetElapsedTime(_stageStart);
        messages.Report(string.Create(
            CultureInfo.InvariantCulture, $"STEP [{Name(_stage),-27}] : {elapsed.TotalSeconds:0.000000} seconds"));
    }

    private void Tell(double share, TimeSpan? left) => messages.Progress(string.Create(
        CultureInfo.InvariantCulture,
        $"{Name(_stage),-50}: [{100 * share,5:0.0} %] {Spinner[_turn++ % Spinner.Length]}  {(left is { } time ? Left(time) : ""),16}"));

    private static string Name(DumpStage stage) =>
        stage == DumpStage.Classify ? "Excluding unnecessary pages" : "Copying data";

    private static string Left(TimeSpan left)
    {
        long seconds = (long)Math.Min(left.TotalSeconds, int.MaxValue);
        return seconds < 100 ? $"eta: {seconds}s"
            : seconds < 6000 ? $"eta: {seconds / 60}m{seconds % 60}s"
            : seconds < 48 * 3600 ? $"eta: {seconds / 3600}h{seconds / 60 % 60}m"
            : $"eta: {seconds / 86400}d{seconds / 3600 % 24}h";
    }
}
