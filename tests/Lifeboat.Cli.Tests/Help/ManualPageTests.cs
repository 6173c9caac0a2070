using Lifeboat.Cli.Help;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.Cli.Verbs;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Help;

[Collection(ConsoleCollection.Name)]
public sealed class ManualPageTests
{
    public static TheoryData<string> Verbs() => [.. AllVerbs().Select(NameOf)];

    [Fact]
    public void The_program_s_page_reads_as_agreed()
    {
        CommandRun run = CommandRun.Of("--help");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches("help.txt", run.Output);
        Assert.Equal(run, CommandRun.Of("-h"));
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void The_page_of_a_verb_reads_as_agreed(string verb)
    {
        CommandRun run = CommandRun.Of([.. verb.Split(' '), "--help"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Golden.Matches($"help-{verb.Replace(' ', '-')}.txt", run.Output);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_verb_says_what_it_does_and_gives_examples_that_parse(string name)
    {
        Verb verb = AllVerbs().Single(verb => NameOf(verb) == name);
        Assert.False(string.IsNullOrWhiteSpace(verb.Description));
        Assert.False(string.IsNullOrWhiteSpace(verb.Manual.Description));
        Assert.NotEmpty(verb.Manual.Examples);
        Assert.All(verb.Manual.Examples, example =>
        {
            Assert.StartsWith($"lifeboat {name}", example.Term, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(example.Meaning));
            CommandLines.AssertParses(example.Term);
        });
    }

    [Fact]
    public void The_program_s_examples_parse() =>
        Assert.All(new LifeboatCommand().Manual.Examples, example => CommandLines.AssertParses(example.Term));

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_option_and_argument_is_described(string name)
    {
        Verb verb = AllVerbs().Single(verb => NameOf(verb) == name);
        Assert.All(verb.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
        Assert.All(
            verb.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), argument.Name));
        Assert.All(
            verb.Options.Where(option => option.ValueType != typeof(bool)),
            option => Assert.False(string.IsNullOrWhiteSpace(option.HelpName), option.Name));
    }

    [Fact]
    public void Every_verb_with_something_to_report_takes_json() => Assert.Equal(
        ["crashkernel shrink", "disarm", "ramdisk", "receive"],
        AllVerbs().Where(verb => verb.Options.All(option => option.Name != "--json")).Select(NameOf));

    private static IEnumerable<Verb> AllVerbs()
    {
        foreach (Verb verb in new LifeboatCommand().Subcommands.OfType<Verb>())
        {
            yield return verb;
            foreach (Verb below in verb.Subcommands.OfType<Verb>())
            {
                yield return below;
            }
        }
    }

    private static string NameOf(Verb verb) => ManualPageWriter.PathOf(verb)["lifeboat ".Length..];
}
