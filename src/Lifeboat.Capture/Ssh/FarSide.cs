using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using Lifeboat.Capture.Interop;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ssh;

/// <summary>
/// A process that a crash is sent through, and the end of each wait for it: one that takes nothing, says nothing or ends is
/// noticed, and stopped, and what it said is told.
/// </summary>
internal sealed class FarSide : IDisposable
{
    private const int MaxSaid = 4096;
    private const int PipeBytes = 512 << 10;
    private const int MaxShown = 200; // its last words are the ones that count
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly string _name;
    private readonly Process _process;
    private readonly Thread _listener;
    private readonly StringBuilder _said = new();
    private readonly ITimer _timer;
    private readonly CancellationToken _cancellation;
    private readonly CancellationTokenRegistration _registration;
    private volatile string? _reason;

    internal FarSide(ProcessStartInfo start, string name, TimeProvider time, CancellationToken cancellation)
    {
        _name = name;
        _cancellation = cancellation;
        cancellation.ThrowIfCancellationRequested();
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new DiagnosticException(error, new Diagnostic(CaptureDiagnostics.FarSideFailed, "ssh cannot be started")
            {
                Where = start.FileName,
                Found = error.Message,
            });
        }

        KeepBusy();
        _listener = new Thread(Listen) { IsBackground = true, Name = "ssh's messages" };
        _listener.Start();
        _timer = time.CreateTimer(_ => Stop("it took nothing and said nothing for too long"), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = cancellation.Register(() => Stop("the time for it was over"));
        Input = new FarSideStream(this, _process.StandardInput.BaseStream);
        Output = new FarSideStream(this, _process.StandardOutput.BaseStream);
    }

    /// <summary>What it reads.</summary>
    internal FarSideStream Input { get; }

    /// <summary>What it writes.</summary>
    internal FarSideStream Output { get; }

    /// <summary>How long each read or write may take.</summary>
    internal TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Ends what it reads, and waits until it has ended well.</summary>
    /// <exception cref="DiagnosticException">It ended otherwise, or not at all.</exception>
    internal void Finish(TimeSpan limit)
    {
        _process.StandardInput.Close();
        Arm(limit);
        _process.WaitForExit();
        Disarm();
        if (_reason is not null || _process.ExitCode != 0)
        {
            throw Failed(null);
        }
    }

    /// <summary>Whether it has ended.</summary>
    internal bool HasEnded => _process.HasExited;

    /// <summary>The error for something that it did not do.</summary>
    internal Exception Failed(Exception? cause)
    {
        if (_cancellation.IsCancellationRequested)
        {
            return new OperationCanceledException(_cancellation);
        }

        // What failed is mostly that it has ended; its last words say why.
        bool ended = _process.WaitForExit(LastWords);
        _listener.Join(LastWords);
        string said;
        lock (_said)
        {
            said = _said.ToString().Trim();
        }

        string how = _reason ?? (ended ? $"ssh ended with exit status {_process.ExitCode}" : cause?.Message ?? "an answer that cannot be");
        return new DiagnosticException(cause, new Diagnostic(CaptureDiagnostics.FarSideFailed, "The far side of ssh did not take the crash")
        {
            Where = _name,
            Found = said.Length == 0 ? how : $"{how}: {Receiving.ReceiveProtocol.OnOneLine(said[^Math.Min(said.Length, MaxShown)..])}",
            Remedy = RemedyFor(said),
        });
    }

    /// <summary>The error for an answer that it should not give.</summary>
    internal static DiagnosticException BadAnswer(string name, string found, string expected) =>
        new(new Diagnostic(CaptureDiagnostics.FarSideFailed, "The far side of ssh did not take the crash")
        {
            Where = name,
            Found = Receiving.ReceiveProtocol.OnOneLine(found),
            Expected = expected,
        });

    /// <summary>From now on it is stopped after that time.</summary>
    internal void Arm(TimeSpan limit) => _timer.Change(limit, Timeout.InfiniteTimeSpan);

    internal void Disarm() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _registration.Dispose();
        _timer.Dispose();
        Stop("it was let go");
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string? RemedyFor(string said) =>
        said.Contains("Host key verification failed", StringComparison.Ordinal) || said.Contains("host key is known", StringComparison.Ordinal)
            ? "The far side shows another host key than the one pinned: nothing was sent; see ssh-keyscan, and hostkey= of the target's line"
        : said.Contains("Permission denied", StringComparison.Ordinal)
            ? "The far side does not take this key: put its public part into authorized_keys of that user"
        : said.Contains("Connection refused", StringComparison.Ordinal) || said.Contains("timed out", StringComparison.Ordinal)
            ? "Check address and port, and that sshd runs there"
        : null;

    // Its one thread encrypts what many have packed. So it does not wait for a CPU while they work ahead of it, nor for them once
    // it has one: the pipe holds what it takes until the thread that fills it runs again.
    private void KeepBusy()
    {
        try
        {
            _process.PriorityClass = ProcessPriorityClass.High;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            // Only root may; and a process that has ended already has its own error.
        }

        if (_process.StandardInput.BaseStream is PipeStream pipe)
        {
            _ = LibC.SetPipeSize(pipe.SafePipeHandle, LibC.PipeSize, PipeBytes);
        }
    }

    // Only this one process, which is a child of ours and not waited for yet.
    private void Stop(string reason)
    {
        try
        {
            if (!_process.HasExited)
            {
                _reason ??= reason;
                _process.Kill();
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended in between.
        }
    }

    private void Listen()
    {
        char[] text = new char[256];
        try
        {
            for (int read; (read = _process.StandardError.Read(text)) > 0;)
            {
                lock (_said)
                {
                    _said.Append(text, 0, read);
                    if (_said.Length > MaxSaid)
                    {
                        _said.Remove(0, _said.Length - MaxSaid);
                    }
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It is gone, and has nothing more to say.
        }
    }
}
