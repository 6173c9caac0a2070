namespace Lifeboat.Cli;

/// <summary>The entry point.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => LifeboatCommand.Run(arguments);
}
