using System.Diagnostics.CodeAnalysis;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Personalities.VmcoreDmesg;

/// <summary><c>vmcore-dmesg FILE</c>: prints the kernel's log, of a dump of any format.</summary>
internal sealed class VmcoreDmesgPersonality : Personality
{
    /// <summary>Exit code: the command line is not one file.</summary>
    public const int Usage = 1;

    /// <summary>Exit code: the file cannot be opened.</summary>
    public const int CannotOpen = 2;

    /// <summary>Exit code: the file is no dump.</summary>
    public const int NoDump = 4;

    /// <summary>Exit code: the dump does not say where the log is.</summary>
    public const int NoLog = 50;

    /// <summary>Exit code: the log cannot be written.</summary>
    public const int CannotWrite = 54;

    /// <summary>Exit code: the log cannot be read.</summary>
    public const int CannotRead = 65;

    public override string Name => "vmcore-dmesg";

    [SuppressMessage("Design", "CA1031", Justification = "The boundary of a command: what is not foreseen is told, not thrown at the user.")]
    public override int Run(string[] arguments, Terminal terminal)
    {
        if (arguments is ["-h" or "--help"])
        {
            terminal.Output.Write(VmcoreDmesgHelp.Text);
            return 0;
        }

        if (arguments is not [string path])
        {
            terminal.Messages.WriteLine($"usage: {Name} <kernel core file>");
            return Usage;
        }

        try
        {
            using var dump = DumpSource.Open(path);
            return Print(KernelLog.Read(dump), terminal);
        }
        catch (KernelInterfaceException exception)
        {
            terminal.Messages.WriteLine(
                $"Cannot open {path}: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage((int)exception.Errno)}");
            return CannotOpen;
        }
        catch (DiagnosticException exception)
        {
            TellAll(exception.Diagnostics, terminal);
            return NoDump;
        }
        catch (IOException exception)
        {
            terminal.Messages.WriteLine($"Failed to write out the dmesg log buffer!: {exception.Message}");
            return CannotWrite;
        }
        catch (Exception exception)
        {
            terminal.Messages.WriteLine($"{Name}: this is a defect of lifeboat, please report it: {exception}");
            return CannotRead;
        }
    }

    // What can be read is printed, whatever is wrong with the rest.
    private static int Print(KernelLog log, Terminal terminal)
    {
        TellAll(log.Diagnostics, terminal);
        if (log.Records.Count == 0 && log.Diagnostics.Count > 0)
        {
            return log.Diagnostics[0].Id == KernelDiagnosticIds.NoLog || log.Diagnostics[0].Id == VmcoreDiagnosticIds.MissingKey
                ? NoLog
                : CannotRead;
        }

        using FileStream output = StandardStreams.OpenOutput();
        foreach (LogRecord record in log.Records)
        {
            LogLines.Write(record, output);
        }

        return 0;
    }

    private static void TellAll(IReadOnlyList<Diagnostic> diagnostics, Terminal terminal)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            terminal.Messages.WriteLine(diagnostic.ToString());
        }
    }
}
