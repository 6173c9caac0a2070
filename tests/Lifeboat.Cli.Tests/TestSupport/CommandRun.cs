using Lifeboat.Cli.Output;
using Lifeboat.Cli.Personalities;

namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>A command line that was run in this process, with what it printed. For tests of the console's collection.</summary>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    // Without colours, wherever the tests run.
    static CommandRun() => Environment.SetEnvironmentVariable("NO_COLOR", "1");

    internal static CommandRun Of(params string[] arguments) => Of(() => LifeboatCommand.Run(arguments));

    /// <summary>Runs a command line as the program of another name.</summary>
    internal static CommandRun As(string name, params string[] arguments) => Of(() =>
        Personality.Of(name, arguments, out string[] rest)!.Run(rest, Terminal.OfProcess()));

    private static CommandRun Of(Func<int> run)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var newOutput = new StringWriter();
        using var newError = new StringWriter();
        try
        {
            Console.SetOut(newOutput);
            Console.SetError(newError);
            int code = run();
            return new CommandRun(code, newOutput.ToString(), newError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
