using FsCheck;
using FsCheck.Fluent;
using Lifeboat.Cli.Personalities.Getopt;
using Lifeboat.Cli.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Personalities.Getopt;

public sealed class GetoptReaderTests
{
    private const string GetoptTool = "/usr/bin/getopt";

    private static readonly GetoptOption[] Options =
    [
        new("-c"), new("-l"), new("-d", TakesValue: true), new("--split"), new("--splitblock-size", TakesValue: true),
        new("--show-stats"), new("--num-threads", TakesValue: true), new("--non-mmap"),
    ];

    [Theory]
    [InlineData("-c -l", "-c -l |")]
    [InlineData("-cl", "-c -l |")]
    [InlineData("-cd31", "-c -d=31 |")]
    [InlineData("-cd 31 in", "-c -d=31 | in")]
    [InlineData("-d31", "-d=31 |")]
    [InlineData("-d -c", "-d=-c |")]
    [InlineData("-dc", "-d=c |")]
    [InlineData("in -c out -d 1", "-c -d=1 | in out")]
    [InlineData("- -c", "-c | -")]
    [InlineData("-c -- -l in", "-c | -l in")]
    [InlineData("--num-threads=2", "--num-threads=2 |")]
    [InlineData("--num-threads 2", "--num-threads=2 |")]
    [InlineData("--num 2", "--num-threads=2 |")]
    [InlineData("--num=", "--num-threads= |")]
    [InlineData("--split", "--split |")]
    [InlineData("--splitb=7", "--splitblock-size=7 |")]
    [InlineData("--show", "--show-stats |")]
    [InlineData("-q", "! invalid option -- 'q'")]
    [InlineData("-cq in", "-c ! invalid option -- 'q'")]
    [InlineData("-d", "! option requires an argument -- 'd'")]
    [InlineData("--foo=1", "! unrecognized option '--foo'")]
    [InlineData("--spl", "! option '--spl' is ambiguous; possibilities: '--split' '--splitblock-size'")]
    [InlineData("--n=1", "! option '--n=1' is ambiguous; possibilities: '--num-threads' '--non-mmap'")]
    [InlineData("--split=2", "! option '--split' doesn't allow an argument")]
    [InlineData("--num-threads", "! option '--num-threads' requires an argument")]
    public void A_command_line_is_read_as_the_C_library_reads_it(string line, string expected) =>
        Assert.Equal(expected, Read(line.Split(' ')));

    [Fact]
    public void Any_command_line_is_read_as_the_C_library_reads_it()
    {
        Lifeboat.Vmcore.Tests.TestSupport.Tools.Require(GetoptTool);
        Gen<string> word = Gen.Elements(
            "-c", "-l", "-d", "-cl", "-lc3", "-d31", "-cd", "-q", "-", "--", "in", "out", "--split", "--sp", "--splitb", "--s",
            "--split=1", "--num-threads", "--num-threads=2", "--num", "--non", "--no", "--n", "--show-stats", "--sh=", "--x");
        Prop.ForAll(word.ListOf().ToArbitrary(), words => Read([.. words]) == ReadByTool([.. words]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static string Read(string[] words)
    {
        var reader = new GetoptReader(words, Options);
        string text = "";
        while (reader.TryRead(out GetoptOption option, out string value))
        {
            text += option.TakesValue ? $"{option.Name}={value} " : $"{option.Name} ";
        }

        return reader.Error is { } error ? $"{text}! {error}" : $"{text}| {string.Join(' ', reader.Operands)}".TrimEnd();
    }

    // The tool goes on after an error; this reader, as makedumpfile, does not.
    private static string ReadByTool(string[] words)
    {
        var run = ToolRun.Of(
            "/", GetoptTool,
            ["-u", "-n", "x", "-o", "cld:", "-l", "split,splitblock-size:,show-stats,num-threads:,non-mmap", "--", .. words]);
        if (run.Code != 0)
        {
            string error = run.Error.Split('\n')[0]["x: ".Length..];
            string ours = Read(words);
            int mark = ours.IndexOf('!', StringComparison.Ordinal);
            return mark < 0 ? $"! {error}" : ours[..mark] + $"! {error}";
        }

        string text = "";
        string[] found = run.Output.TrimEnd('\n').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int next = 0;
        for (; found[next] != "--"; next++)
        {
            bool takesValue = Options.Single(option => option.Name == found[next]).TakesValue;
            text += takesValue ? $"{found[next]}={ValueAt(words, found, ref next)} " : $"{found[next]} ";
        }

        return $"{text}| {string.Join(' ', found[(next + 1)..])}".TrimEnd();
    }

    private static string ValueAt(string[] words, string[] found, ref int next)
    {
        // Unquoted, an empty value is no word at all: only --sh= could have one, which takes none.
        Assert.NotEmpty(words);
        return found[++next];
    }
}
