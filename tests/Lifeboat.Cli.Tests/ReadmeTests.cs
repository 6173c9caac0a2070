using System.Runtime.CompilerServices;
using Lifeboat.Cli.Tests.TestSupport;

namespace Lifeboat.Cli.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void Every_command_line_of_the_readme_is_one_that_the_program_takes()
    {
        string readme = Path.Combine(Root(), "README.md");
        Assert.SkipUnless(File.Exists(readme), "there is no README.md");
        string[] lines = [.. CommandLinesOf(File.ReadLines(readme))];
        Assert.NotEmpty(lines);
        Assert.All(lines, CommandLines.AssertParses);
    }

    [Fact]
    public void Only_fenced_blocks_count_and_prompts_comments_and_pipes_are_left_off() => Assert.Equal(
        ["lifeboat status", "./lifeboat drill --keep /tmp/a", "lifeboat inspect x"],
        CommandLinesOf(
        [
            "lifeboat nonsense", "```sh", "$ lifeboat status", "sudo ./lifeboat drill --keep /tmp/a   # keep it",
            "lifeboat inspect x | less", "lifeboatman", "```", "lifeboat more nonsense",
        ]));

    private static IEnumerable<string> CommandLinesOf(IEnumerable<string> markdown)
    {
        bool fenced = false;
        foreach (string line in markdown)
        {
            string text = line.Trim();
            if (text.StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
                continue;
            }

            foreach (string prefix in (string[])["$ ", "# ", "sudo "])
            {
                text = text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
            }

            if (fenced && text.Split(' ')[0] is "lifeboat" or "./lifeboat")
            {
                yield return text.Split(" #")[0].Split(" | ")[0].Split(" > ")[0].Split(" && ")[0].Trim();
            }
        }
    }

    private static string Root([CallerFilePath] string caller = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(caller)!, "..", ".."));
}
