namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>Tests that take the process's console, one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ConsoleCollection
{
    internal const string Name = "console";
}
