using System.Diagnostics;

namespace Lifeboat.Cli.Shell;

/// <summary>Where the output of a line goes: to /bin/sh, as <c>| grep x</c>, <c>&gt; file</c> or a pager say.</summary>
internal sealed class ShellOutput : IDisposable
{
    private const string ShellProgram = "/bin/sh";
    private readonly Process _process;

    private ShellOutput(Process process) => (_process, Writer) = (process, process.StandardInput);

    /// <summary>What is written here is what it reads.</summary>
    public TextWriter Writer { get; }

    /// <summary>Begins <c>cat | grep x</c>, <c>cat > file</c>, or a pager.</summary>
    /// <param name="command">A line of /bin/sh.</param>
    public static ShellOutput Start(string command) => new(Begin(command, redirects: true));

    /// <summary>Runs a line of /bin/sh, with the terminal.</summary>
    public static int Run(string command)
    {
        using Process process = Begin(command, redirects: false);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Writes nothing more, and waits until it has shown everything.</summary>
    public void Dispose()
    {
        try
        {
            Writer.Dispose();
        }
        catch (IOException)
        {
            // It was left before it had read all: head, or a pager.
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Begin(string command, bool redirects)
    {
        var start = new ProcessStartInfo(ShellProgram) { UseShellExecute = false, RedirectStandardInput = redirects };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        return Process.Start(start) ?? throw new IOException($"{ShellProgram} cannot be started");
    }
}
