using System.Runtime.InteropServices;
using Lifeboat.Cli.Interop;
using Lifeboat.Cli.Output;
using Lifeboat.Cli.Shell.Editing;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Inspect.Commands;

namespace Lifeboat.Cli.Shell;

/// <summary>Takes lines and runs the commands in them until there are no more.</summary>
/// <remarks>
/// <para><b>Ctrl-C</b> ends the command that runs: its next read of the kernel's memory throws. While a line is written, it
/// gives up the line.</para>
/// </remarks>
internal sealed class InspectShell : IDisposable
{
    private const string Prompt = "lifeboat> ";

    private readonly InspectSession _session;
    private readonly Terminal _terminal;
    private readonly bool _json;
    private readonly Func<string?> _readLine;
    private readonly Func<TextWriter>? _pager;
    private readonly string? _pagerProgram;
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Lock _lock = new();
    private bool _isMissing;
    private CancellationTokenSource? _running;
    private TerminalMode? _mode;

    /// <param name="session">The kernel to look at.</param>
    /// <param name="terminal">Where results and messages go.</param>
    /// <param name="json">Whether results are JSON.</param>
    /// <param name="pages">Whether long results stop after each screen, on a terminal.</param>
    public InspectShell(InspectSession session, Terminal terminal, bool json, bool pages)
    {
        (_session, _terminal, _json) = (session, terminal, json);
        IsWatched = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        if (IsWatched)
        {
            _readLine = ReadFromTerminal;
            string? program = Environment.GetEnvironmentVariable("PAGER");
            _pagerProgram = pages && !string.IsNullOrWhiteSpace(program) ? program : null;
            _pager = pages && _pagerProgram is null ? () => new PagingWriter(_terminal.Output, TerminalMode.Size, ReadKey) : null;
        }
        else
        {
            var input = new StreamReader(Console.OpenStandardInput());
            _readLine = input.ReadLine;
        }

        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnEnd));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnEnd));
    }

    /// <summary>Whether a person writes the lines.</summary>
    public bool IsWatched { get; }

    private LineHistory History => field ??= new LineHistory(LineHistory.DefaultFile());

    private ShellCompleter Completer => field ??= new ShellCompleter(_session);

    /// <summary>Runs all lines; the exit code is that of the last command.</summary>
    public ExitCode Run()
    {
        ExitCode code = ExitCode.Success;
        while (_readLine() is { } line)
        {
            string text = line.Trim();
            if (text is "q" or "quit" or "exit")
            {
                break;
            }

            if (text.Length > 0)
            {
                code = Try(() => RunLine(text));
            }
        }

        return code;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _signals.ForEach(static signal => signal.Dispose());
        _mode?.Dispose();
    }

    private void RunLine(string text)
    {
        if (text[0] == '!')
        {
            _terminal.Output.Flush();
            _ = ShellOutput.Run(text[1..]);
            return;
        }

        var line = ShellLine.Parse(text);
        if (line.Commands.Count == 0 && line.Tail.Length > 0)
        {
            throw new CommandException($"a command comes before {line.Tail[0]}: ps {line.Tail}");
        }

        string program = line.Tail.Length > 0 ? $"cat {line.Tail}" : _pagerProgram ?? "";
        if (line.Commands.Count > 0 && program.Length > 0)
        {
            RunInto(line, program);
        }
        else
        {
            TextWriter output = _pager?.Invoke() ?? _terminal.Output;
            RunCommands(line, output);
            output.Flush();
        }
    }

    // What is found is complete before the program starts, so that a mistake is told without it.
    private void RunInto(ShellLine line, string program)
    {
        using var found = new StringWriter();
        RunCommands(line, found);
        _terminal.Output.Flush();
        using var output = ShellOutput.Start(program);
        try
        {
            output.Writer.Write(found.ToString());
        }
        catch (IOException)
        {
            // It wanted no more.
            return;
        }
    }

    private void RunCommands(ShellLine line, TextWriter output)
    {
        var commands = new InspectOutput(output, _terminal, _json);
        foreach (IReadOnlyList<string> command in line.Commands)
        {
            _session.Cancellation.ThrowIfCancellationRequested();
            _isMissing |= !commands.Run(command, _session);
        }
    }

    private ExitCode Try(Action action)
    {
        using var running = new CancellationTokenSource();
        _session.Cancellation = running.Token;
        lock (_lock)
        {
            _running = running;
        }

        try
        {
            _isMissing = false;
            action();
            return _isMissing ? ExitCode.BadInput : ExitCode.Success;
        }
        catch (CommandException exception)
        {
            _terminal.Error(exception.Message);
            return ExitCode.Usage;
        }
        catch (DiagnosticException exception)
        {
            _terminal.Error(exception.Diagnostics.Count > 0 ? exception.Diagnostics[0].ToString() : exception.Message);
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            _terminal.Error("interrupted");
            return ExitCode.Interrupted;
        }
        catch (IOException exception)
        {
            _terminal.Error(exception.Message);
            return ExitCode.Failure;
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }

            _session.Cancellation = CancellationToken.None;
        }
    }

    private string? ReadFromTerminal()
    {
        _mode = TerminalMode.TryEnter();
        try
        {
            var editor = new LineEditor(
                TerminalMode.ReadByte, _terminal.Output, static () => TerminalMode.Size().Columns, History, Complete);
            string? line = editor.Read(Prompt);
            History.Add(line ?? "");
            return line;
        }
        finally
        {
            _mode?.Dispose();
            _mode = null;
        }
    }

    // A dump without symbols or types completes nothing.
    private Completion Complete(string text)
    {
        var found = new Completion("", []);
        try
        {
            found = Completer.Complete(text);
        }
        catch (DiagnosticException)
        {
            return found;
        }

        return found;
    }

    private int ReadKey()
    {
        _mode = TerminalMode.TryEnter();
        try
        {
            return TerminalMode.ReadByte();
        }
        finally
        {
            _mode?.Dispose();
            _mode = null;
        }
    }

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_lock)
        {
            _running?.Cancel();
        }
    }

    private void OnEnd(PosixSignalContext context) => _mode?.Dispose();
}
