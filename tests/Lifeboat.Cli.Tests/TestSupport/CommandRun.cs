namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>A command line that was run in this process, with what it printed. For tests of the console's collection.</summary>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    // Without colours, wherever the tests run.
    static CommandRun() => Environment.SetEnvironmentVariable("NO_COLOR", "1");

    internal static CommandRun Of(params string[] arguments)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var newOutput = new StringWriter();
        using var newError = new StringWriter();
        try
        {
            Console.SetOut(newOutput);
            Console.SetError(newError);
            int code = LifeboatCommand.Run(arguments);
            return new CommandRun(code, newOutput.ToString(), newError.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
