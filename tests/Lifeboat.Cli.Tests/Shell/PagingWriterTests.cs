using Lifeboat.Cli.Shell;

namespace Lifeboat.Cli.Tests.Shell;

public sealed class PagingWriterTests
{
    [Theory]
    [InlineData(" ", 8)]
    [InlineData("q", 4)]
    [InlineData("\r\rq", 6)]
    [InlineData("x\rq", 5)]
    [InlineData("", 4)]
    public void Stops_after_each_screen(string keys, int lines)
    {
        using var screen = new StringWriter();
        int next = 0;
        using (var pager = new PagingWriter(screen, () => (80, 5), () => next < keys.Length ? keys[next++] : -1))
        {
            for (int i = 0; i < 8; i++)
            {
                pager.WriteLine($"line {i}");
            }
        }

        Assert.Equal(lines, screen.ToString().Split("line").Length - 1);
    }

    [Fact]
    public void Lines_wider_than_the_screen_count_as_several()
    {
        using var screen = new StringWriter();
        using var pager = new PagingWriter(screen, () => (10, 5), () => -1);
        for (int i = 0; i < 8; i++)
        {
            pager.WriteLine(new string('x', 19));
        }

        Assert.Equal(2, screen.ToString().Split('\n').Length - 1);
    }
}
