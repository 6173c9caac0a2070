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
            _line.Show(DumpProgressText.Describe(value, time.GetElapsedTime(_stageStart)));
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear() => _line.Clear();
}
