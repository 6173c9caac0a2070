using System.CommandLine.Parsing;

namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>Command lines as people type them.</summary>
internal static class CommandLines
{
    internal static void AssertParses(string line)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(line)];
        Assert.Equal("lifeboat", Path.GetFileName(words[0]));
        IReadOnlyList<ParseError> errors = new LifeboatCommand().Parse(words[1..]).Errors;
        Assert.True(errors.Count == 0, $"{line}: {string.Join("; ", errors.Select(error => error.Message))}");
    }
}
