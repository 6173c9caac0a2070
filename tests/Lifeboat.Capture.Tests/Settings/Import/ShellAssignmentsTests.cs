using System.Diagnostics;
using System.Text;
using Lifeboat.Capture.Settings.Import;

namespace Lifeboat.Capture.Tests.Settings.Import;

public sealed class ShellAssignmentsTests
{
    [Theory]
    [InlineData("A=b", "b")]
    [InlineData("A=", "")]
    [InlineData("  A=b  # c", "b")]
    [InlineData("A=b#c", "b#c")]
    [InlineData("A='a b'", "a b")]
    [InlineData("A='a\\b$c`d\"e'", "a\\b$c`d\"e")]
    [InlineData("A=\"a 'b' \\\"c\\\" \\$d \\\\ \\x\"", "a 'b' \"c\" $d \\ \\x")]
    [InlineData("A=a\\ b\\\\c\\'", "a b\\c'")]
    [InlineData("A=a'b'\"c\"d", "abcd")]
    [InlineData("A=\"a\nb\"", "a\nb")]
    [InlineData("A=a\\\nb", "ab")]
    [InlineData("A=\"a\\\nb\"", "ab")]
    [InlineData("A=1$", "1$")]
    [InlineData("A=\"$ x\"", "$ x")]
    [InlineData("export A=b", "b")]
    [InlineData("declare -x A=b", "b")]
    [InlineData("A=b;", "b")]
    [InlineData("A=*.[ch]?{x,y}", "*.[ch]?{x,y}")]
    public void An_assignment_is_read_as_a_shell_reads_it(string text, string value)
    {
        ShellStatement statement = Assert.Single(ShellAssignments.Read(text + "\n"));
        Assert.Equal((null, "A", value), (statement.Refusal, statement.Setting.Name, statement.Setting.Value));
    }

    [Theory]
    [InlineData("A=$B", "$B would need a shell")]
    [InlineData("A=\"x${B:-c}y\"", "${B:-c} would need a shell")]
    [InlineData("A=$(uname -r)", "$(uname -r) would need a shell")]
    [InlineData("A=\"$(echo \"a)b\" (x))\"", "would need a shell")]
    [InlineData("A=`uname -r`", "`uname -r` would need a shell")]
    [InlineData("A=$'a\\'b'", "would need a certain shell")]
    [InlineData("A=$\"a\"", "would need a certain shell")]
    [InlineData("A=$1", "$1 would need a shell")]
    [InlineData("A=~/key", "~ stands for a home folder")]
    [InlineData("A+=b", "it adds to what stood before")]
    [InlineData("A=\"b", "the quote \" does not end")]
    [InlineData("A='b", "the quote ' does not end")]
    [InlineData("A=b command", "part of a command")]
    [InlineData("A=b && true", "part of a command")]
    [InlineData("A=b & x", "part of a command")]
    [InlineData("A=(b c)", "part of a command")]
    [InlineData("[ -f x ] && A=b", "part of a command")]
    [InlineData("(A=b)", "part of a command")]
    [InlineData("if x; then A=b; fi", "it stands in a condition")]
    [InlineData("if x\nthen\nA=b\nfi", "it stands in a condition")]
    [InlineData("for i in x; do A=b; done", "it stands in a condition")]
    [InlineData("case x in a) A=b;; esac", "it stands in a condition")]
    [InlineData("case x in\na)\nA=b;; esac", "it stands in a condition")]
    [InlineData("f() {\nA=b\n}", "it stands in a condition")]
    [InlineData("f()\n{\nA=b\n}", "it stands in a condition")]
    [InlineData("function f {\nA=b\n}", "it stands in a condition")]
    [InlineData("(\nA=b\n)", "it stands in a condition")]
    public void What_only_a_shell_can_tell_is_refused_by_name(string text, string refusal)
    {
        IReadOnlyList<ShellStatement> statements = ShellAssignments.Read(text + "\nZ=1\n");
        ShellStatement statement = Assert.Single(statements, statement => statement.Setting.Name.TrimEnd('+') == "A");
        Assert.Contains(refusal, statement.Refusal, StringComparison.Ordinal);
        ShellStatement? after = statements.SingleOrDefault(statement => statement.Setting.Name == "Z");
        Assert.True(refusal.StartsWith("the quote", StringComparison.Ordinal) ? after is null : after?.Refusal is null && after is not null);
    }

    [Theory]
    [InlineData("cat <<EOF\nA=b\nEOF\n")]
    [InlineData("exit 0\nA=b\n")]
    [InlineData("return\nA=b\n")]
    public void After_what_may_end_the_file_nothing_is_read(string text) =>
        Assert.All(ShellAssignments.Read(text), statement =>
        {
            Assert.NotEqual("A", statement.Setting.Name);
            Assert.NotNull(statement.Refusal);
        });

    [Fact]
    public void Each_statement_has_the_line_that_it_begins_in()
    {
        IReadOnlyList<ShellStatement> statements = ShellAssignments.Read("\nA='1\n2'\nB=3 C=4; D=5\n. /etc/other\n");
        Assert.Equal(["A2", "B4", "C4", "D4", ".5"], statements.Select(statement => $"{statement.Setting.Name}{statement.Setting.Line}"));
    }

    [Fact]
    public void Of_a_command_s_words_the_values_of_assignments_are_not_shown() =>
        Assert.DoesNotContain(
            ShellAssignments.Read("env FTP_PASSWORD=geheim x\n"), statement => statement.Setting.Shown.Contains("geheim", StringComparison.Ordinal));

    // Words of these letters are no commands, and no letter here redirects.
    [Fact]
    public void What_is_read_is_what_sh_reads()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "there is no /bin/sh");
        const string Letters = "VVab==''\"\"\\\\$# \n;";
        var random = new Random(7);
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "settings");
        int compared = 0;
        for (int round = 0; round < 400; round++)
        {
            var text = new StringBuilder("V=");
            for (int length = random.Next(2, 14); length > 0; length--)
            {
                text.Append(Letters[random.Next(Letters.Length)]);
            }

            string settings = text.Append('\n').ToString();
            IReadOnlyList<ShellStatement> statements = ShellAssignments.Read(settings);
            if (statements.Any(statement => statement.Refusal is not null))
            {
                continue;
            }

            File.WriteAllText(file, settings + "\nprintf %s \"$V\"\n");
            using var shell = Process.Start(new ProcessStartInfo("/bin/sh", [file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string value = shell.StandardOutput.ReadToEnd();
            shell.WaitForExit();
            compared++;
            Assert.Equal((settings, value), (settings, statements.Last(statement => statement.Setting.Name == "V").Setting.Value));
        }

        Assert.True(compared > 50, $"{compared}");
    }
}
