using System.Diagnostics;
using System.Text;

namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>A program on a terminal of its own (script of util-linux), talked to as a person would.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private const string Script = "/usr/bin/script";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _seen = new();

    /// <summary>Starts a line of /bin/sh; the test is skipped where there is no such program.</summary>
    internal PseudoTerminal(string line, string stateFolder)
    {
        Assert.SkipUnless(File.Exists(Script), $"{Script} is not there");
        var start = new ProcessStartInfo(Script, ["-qefc", line, "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["XDG_STATE_HOME"] = stateFolder;
        start.Environment["PAGER"] = "";
        _process = Process.Start(start)!;
    }

    /// <summary>Waits until the screen shows a text, behind what was waited for before, and gives what came up to there.</summary>
    internal string WaitFor(string text)
    {
        var deadline = Stopwatch.StartNew();
        char[] piece = new char[4096];
        int searched = 0;
        while (true)
        {
            int found = _seen.ToString(searched, _seen.Length - searched).IndexOf(text, StringComparison.Ordinal);
            if (found >= 0)
            {
                string before = _seen.ToString(0, searched + found);
                _seen.Remove(0, searched + found + text.Length);
                return before;
            }

            searched = Math.Max(0, _seen.Length - text.Length);

            Task<int> more = _process.StandardOutput.ReadAsync(piece, 0, piece.Length);
            bool isInTime = more.Wait(Deadline - deadline.Elapsed > TimeSpan.Zero ? Deadline - deadline.Elapsed : TimeSpan.Zero);
            Assert.True(isInTime && more.Result > 0, $"waited for {text} and saw {_seen.ToString(Math.Max(0, _seen.Length - 1000), Math.Min(1000, _seen.Length))}");
            _seen.Append(piece, 0, more.Result);
        }
    }

    internal void Send(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    internal int End()
    {
        _ = _process.StandardOutput.ReadToEnd();
        Assert.True(_process.WaitForExit(Deadline));
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
