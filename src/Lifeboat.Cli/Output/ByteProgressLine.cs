using System.Globalization;
using Lifeboat.Core.Memory;

namespace Lifeboat.Cli.Output;

/// <summary>Tells a person how much of a file is done, in one line that is written over and over, when it takes longer.</summary>
/// <param name="terminal">Where it goes, if somebody watches.</param>
/// <param name="what">What is done: <c>sealing</c>.</param>
/// <param name="inAll">The bytes that there are; 0 when that is not known.</param>
/// <param name="time">The clock.</param>
internal sealed class ByteProgressLine(Terminal terminal, string what, ulong inAll, TimeProvider time)
{
    private readonly StatusLine? _line = terminal.IsWatched ? new StatusLine(terminal.Messages, time, TimeSpan.FromSeconds(2)) : null;
    private readonly long _start = time.GetTimestamp();

    public void Report(ulong done)
    {
        if (_line is { IsDue: true })
        {
            _line.Show(Describe(what, done, inAll, time.GetElapsedTime(_start)));
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear() => _line?.Clear();

    /// <summary>The line: how much is done, how fast, how long it will take.</summary>
    internal static string Describe(string what, ulong done, ulong inAll, TimeSpan elapsed)
    {
        double rate = done / Math.Max(elapsed.TotalSeconds, 0.001);
        string speed = $"{new ByteCount(done)}, {new ByteCount((ulong)Math.Min(rate, long.MaxValue))}/s";
        return inAll == 0
            ? $"{what}, {speed}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{what} {Math.Min(100, 100.0 * done / inAll),3:0} %, {speed}, {Math.Ceiling(Math.Max(0, (double)inAll - done) / Math.Max(rate, 1)):0} s left");
    }
}
