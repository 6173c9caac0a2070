using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Lifeboat.Drill.Guests;

/// <summary>A running QEMU, its serial console as lines. Ends with the object: nothing of it stays behind.</summary>
internal sealed class GuestMachine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int MaxLineLength = 4096;

    private readonly Process _process;
    private readonly BlockingCollection<ConsoleLine> _lines = [];
    private readonly Thread _reader;
    private readonly Task<string> _errors;
    private readonly TimeProvider _time;
    private readonly long _start;

    private GuestMachine(Process process, TimeProvider time)
    {
        _process = process;
        _time = time;
        _start = time.GetTimestamp();
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        _reader = new Thread(ReadConsole) { IsBackground = true, Name = "guest console" };
        _reader.Start();
    }

    /// <summary>The time since the guest was started.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>Starts a guest.</summary>
    public static GuestMachine Start(string qemu, GuestConfiguration configuration, TimeProvider time)
    {
        var start = new ProcessStartInfo(qemu, configuration.ToQemuArguments())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new GuestMachine(Process.Start(start)!, time);
    }

    /// <summary>Waits for the next line of the console.</summary>
    /// <param name="line">The line; null when the guest has ended and every line was given.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when no line came in that time.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public bool TryReadLine(out ConsoleLine? line, TimeSpan patience, CancellationToken cancellation) =>
        _lines.TryTake(out line, Math.Max(0, (int)patience.TotalMilliseconds), cancellation) || _lines.IsCompleted;

    /// <summary>Types a line on the guest's console.</summary>
    public void TypeLine(string text)
    {
        _process.StandardInput.Write(text + "\n");
        _process.StandardInput.Flush();
    }

    /// <summary>What QEMU itself said on its standard error; waits for QEMU to have ended.</summary>
    public string QemuMessages() => _errors.GetAwaiter().GetResult().Trim();

    /// <summary>Kills QEMU, which the guest takes for a power cut; from any thread.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Kills QEMU when it still runs, and waits until it is gone.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        // A QEMU that hangs in the kernel cannot be killed: it must not take the drill with it.
        if (!_process.WaitForExit(Patience))
        {
            return;
        }

        _reader.Join();
        _process.Dispose();
        _lines.Dispose();
    }

    private void ReadConsole()
    {
        // Not the process's own reader: that one takes the first bytes for a byte order mark when they look like one.
        using var console = new StreamReader(
            _process.StandardOutput.BaseStream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        var line = new StringBuilder();
        Span<char> buffer = stackalloc char[512];
        for (int read; (read = console.Read(buffer)) > 0;)
        {
            foreach (char character in buffer[..read])
            {
                if (character == '\n' || line.Length >= MaxLineLength)
                {
                    _lines.Add(new ConsoleLine(Elapsed, line.ToString()));
                    line.Clear();
                }

                if (!char.IsControl(character) || character == '\t')
                {
                    line.Append(character);
                }
            }
        }

        if (line.Length > 0)
        {
            _lines.Add(new ConsoleLine(Elapsed, line.ToString()));
        }

        _lines.CompleteAdding();
    }
}
