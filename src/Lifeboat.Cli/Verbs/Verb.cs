using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Lifeboat.Cli.Help;
using Lifeboat.Cli.Output;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Cli.Verbs;

/// <summary>
/// One verb of the program. A verb is thin: it reads its options into a request, calls a library, prints the result
/// and gives an exit code. The constructor declares arguments and options; <see cref="Manual"/> is its page of help.
/// </summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string summary)
        : base(name, summary) =>

        // On a thread of its own: Ctrl-C and SIGTERM are only listened to once the action has been started.
        SetAction((result, cancellation) => Task.Run(() => (int)RunGuarded(result, cancellation), CancellationToken.None));

    /// <summary>The texts of the verb's help beyond its options.</summary>
    public abstract ManualPage Manual { get; }

    /// <summary>Whether Ctrl-C and SIGTERM end it.</summary>
    public virtual bool EndsOnSignals => true;

    /// <summary>Does the work.</summary>
    /// <param name="arguments">The parsed command line.</param>
    /// <param name="terminal">Where results and messages go.</param>
    /// <param name="cancellation">Cancelled by Ctrl-C and SIGTERM.</param>
    protected abstract ExitCode Run(ParseResult arguments, Terminal terminal, CancellationToken cancellation);

    [SuppressMessage("Design", "CA1031", Justification = "The boundary of a command: what is not foreseen is told, not thrown at the user.")]
    private ExitCode RunGuarded(ParseResult arguments, CancellationToken cancellation)
    {
        var terminal = Terminal.OfProcess();
        try
        {
            return Run(arguments, terminal, cancellation);
        }
        catch (OperationCanceledException)
        {
            terminal.Error("interrupted");
            return ExitCode.Interrupted;
        }
        catch (DiagnosticException exception)
        {
            foreach (Diagnostic diagnostic in exception.Diagnostics)
            {
                terminal.Error(diagnostic.ToString());
            }

            return ExitCode.BadInput;
        }
        catch (KernelInterfaceException exception)
        {
            terminal.Error(exception.Message);

            // A file that cannot be opened or read is a file's trouble, whoever tells it.
            return exception.Operation is "open" or "read" ? ExitCode.Failure : ExitCode.KernelRefused;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            terminal.Error(exception.Message);
            return ExitCode.Failure;
        }
        catch (Exception exception)
        {
            terminal.Error($"this is a defect of lifeboat, please report it: {exception}");
            return ExitCode.Failure;
        }
    }
}
