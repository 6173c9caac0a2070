using System.Text;
using Lifeboat.Cli.Shell.Editing;

namespace Lifeboat.Cli.Tests.Shell.Editing;

public sealed class LineEditorTests
{
    [Theory]
    [InlineData("ps\r", "ps")]
    [InlineData("sp\e[D\e[D\u007fx\e[Fy\r", "xspy")]
    [InlineData("bc\u0001a\u0005d\r", "abcd")]
    [InlineData("abc\e[D\u0008\r", "ac")]
    [InlineData("abc\e[H\e[3~\r", "bc")]
    [InlineData("abc\u0001\u0004\r", "bc")]
    [InlineData("one two\u0017x\r", "one x")]
    [InlineData("one two\u0015x\r", "x")]
    [InlineData("one two\u0001\u000bx\u0019\r", "xone two")]
    [InlineData("one two\e[1;5D\u000b\r", "one ")]
    [InlineData("one two\u0001\efx\r", "onex two")]
    [InlineData("one two\u0001\ed\r", " two")]
    [InlineData("gr\u00fcn\r", "gr\u00fcn")]
    [InlineData("a\e[99;99zb\u0000\u001dc\r", "abc")]
    [InlineData("lost\u0003", "")]
    [InlineData("\u0004", null)]
    [InlineData("no end", null)]
    public void Keys_do_as_in_other_shells(string keys, string? line) => Assert.Equal(line, Read(keys, []));

    [Theory]
    [InlineData("\e[A\r", "third")]
    [InlineData("\u0010\u0010\r", "second")]
    [InlineData("\e[A\e[A\e[A\e[A\r", "first")]
    [InlineData("new\e[A\e[A\e[B\e[B\r", "new")]
    [InlineData("\u0012ir\r", "third")]
    [InlineData("\u0012ir\u0012\r", "first")]
    [InlineData("\u0012irx\u007fs\u0005!\r", "first!")]
    [InlineData("new\u0012sec\u0003\r", "new")]
    public void Earlier_lines_come_back(string keys, string line) => Assert.Equal(line, Read(keys, ["first", "second", "third"]));

    [Theory]
    [InlineData("pan\t\r", "panic")]
    [InlineData("panic_\t1\r", "panic_cpu 1")]
    [InlineData("nothing\t\r", "nothing")]
    [InlineData("x pan\t\tk\r", "x panick")]
    [InlineData("ca\tx\r", "calls x")]
    public void What_is_typed_is_completed_as_far_as_it_is_clear(string keys, string line) => Assert.Equal(line, Read(keys, []));

    [Fact]
    public void What_could_follow_is_listed_when_it_is_not_clear()
    {
        var screen = new StringWriter();
        _ = Editor("panic\t\r", [], screen).Read("> ");
        Assert.Contains("panic      panic_cpu\r\n", screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_longer_than_the_screen_shows_what_is_around_the_cursor()
    {
        var screen = new StringWriter();
        string line = string.Concat(Enumerable.Range(100, 30));
        Assert.Equal(line, Editor(line + "\u0001\r", [], screen).Read("> "));
        Assert.All(screen.ToString().Split('\r'), row => Assert.InRange(row.Replace("\e[K", "", StringComparison.Ordinal).Length, 0, 40));
        Assert.Contains(line[^36..] + "\e[K", screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_of_a_terminal_end_the_shell()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = new byte[200];
            random.NextBytes(bytes);
            int next = 0;
            var editor = new LineEditor(
                () => next < bytes.Length ? bytes[next++] : -1, TextWriter.Null, () => random.Next(1, 50), new LineHistory(null), Complete);
            while (editor.Read("> ") is not null)
            {
                Assert.True(next <= bytes.Length);
            }
        }
    }

    private static string? Read(string keys, string[] history) => Editor(keys, history, TextWriter.Null).Read("> ");

    private static LineEditor Editor(string keys, string[] lines, TextWriter screen)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(keys);
        int next = 0;
        var history = new LineHistory(null);
        foreach (string line in lines)
        {
            history.Add(line);
        }

        return new LineEditor(() => next < bytes.Length ? bytes[next++] : -1, screen, static () => 40, history, Complete);
    }

    private static Completion Complete(string text)
    {
        string word = text[(text.LastIndexOf(' ') + 1)..];
        string[] all = ["calls", "panic", "panic_cpu"];
        return new Completion(word, [.. all.Where(candidate => candidate.StartsWith(word, StringComparison.Ordinal))]);
    }
}
