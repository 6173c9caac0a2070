using System.CommandLine.Parsing;
using Lifeboat.Cli.Personalities;

namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>Command lines as people type them.</summary>
internal static class CommandLines
{
    internal static void AssertParses(string line)
    {
        string[] words = [.. CommandLineParser.SplitCommandLine(line)];
        Assert.Equal("lifeboat", Path.GetFileName(words[0]));
        if (Personality.Of(null, words[1..], out _) is not null)
        {
            return;
        }

        IReadOnlyList<ParseError> errors = new LifeboatCommand().Parse(words[1..]).Errors;
        Assert.True(errors.Count == 0, $"{line}: {string.Join("; ", errors.Select(error => error.Message))}");
    }
}
