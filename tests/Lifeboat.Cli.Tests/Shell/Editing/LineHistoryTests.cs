using Lifeboat.Cli.Shell.Editing;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Shell.Editing;

public sealed class LineHistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_kept_for_the_next_shell()
    {
        string file = _folder.Combine("state/lifeboat/history");
        var history = new LineHistory(file);
        foreach (string line in (string[])["ps", "", "bt -a", "bt -a", " secret", "ps"])
        {
            history.Add(line);
        }

        Assert.Equal(["ps", "bt -a", "ps"], new LineHistory(file).Lines);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void The_oldest_lines_go_when_they_are_many()
    {
        string file = _folder.Write("history", string.Concat(Enumerable.Range(0, 1500).Select(i => $"rd {i}\n")));
        Assert.Equal("rd 500", new LineHistory(file).Lines[0]);
        Assert.Equal(1000, File.ReadAllLines(file).Length);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_no_error()
    {
        var history = new LineHistory(_folder.Combine($"{_folder.Write("file", "")}/history"));
        history.Add("ps");
        Assert.Equal(["ps"], history.Lines);
    }
}
