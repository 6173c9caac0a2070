using System.Text.Json;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class SealVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _key;
    private readonly string _recipient;
    private readonly string _in;
    private readonly byte[] _data = new byte[200_000];

    public SealVerbTests()
    {
        new Random(6).NextBytes(_data);
        _in = _folder.Write("vmcore", _data);
        _key = _folder.Combine("dumps.key");
        CommandRun run = CommandRun.Of("seal", "--new-key", _key);
        Assert.Equal((0, ""), (run.Code, run.Error));
        _recipient = run.Output.Trim();
    }

    private string Sealed => _folder.Combine("vmcore.age");

    private string Opened => _folder.Combine("opened");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_key_is_written_for_its_owner_only_and_its_recipient_printed()
    {
        Assert.StartsWith("age1", _recipient, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_key));
        string content = File.ReadAllText(_key);
        CommandRun again = CommandRun.Of("seal", "--new-key", _key);
        Assert.Equal((1, ""), (again.Code, again.Output));
        Assert.Equal(content, File.ReadAllText(_key));
    }

    [Fact]
    public void What_is_sealed_opens_with_the_key_and_with_no_other()
    {
        CommandRun sealing = CommandRun.Of("seal", "--to", _recipient, _in, Sealed);
        Assert.Equal((0, $"{Sealed}: 195.6 KiB, sealed to 1 recipient{Environment.NewLine}", ""), (sealing.Code, sealing.Output, sealing.Error));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Sealed));
        CommandRun opening = CommandRun.Of("unseal", "-i", _key, Sealed, Opened);
        Assert.Equal((0, $"{Opened}: 195.3 KiB{Environment.NewLine}", ""), (opening.Code, opening.Output, opening.Error));
        Assert.Equal(_data, File.ReadAllBytes(Opened));
        string other = _folder.Combine("other.key");
        Assert.Equal(0, CommandRun.Of("seal", "--new-key", other).Code);
        CommandRun refused = CommandRun.Of("unseal", "-i", other, Sealed, _folder.Combine("nothing"));
        Assert.Equal((4, ""), (refused.Code, refused.Output));
        Assert.Contains("LB1106", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("unseal", "-i", other, "-i", _key, "--force", Sealed, Opened).Code);
        Assert.False(File.Exists(_folder.Combine("nothing")));
    }

    [Fact]
    public void A_list_of_recipients_and_json()
    {
        string second = CommandRun.Of("seal", "--new-key", _folder.Combine("second.key")).Output.Trim();
        string list = _folder.Write("team.txt", $"# who reads dumps\n{second}\n");
        CommandRun run = CommandRun.Of("seal", "--json", "--to", _recipient, "--to-file", list, _in, Sealed);
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(1, document.RootElement.GetProperty("schema").GetInt32());
        Assert.Equal([_recipient, second], document.RootElement.GetProperty("recipients").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(new FileInfo(Sealed).Length, document.RootElement.GetProperty("fileBytes").GetInt64());
        using var opened = JsonDocument.Parse(CommandRun.Of("unseal", "--json", "-i", _folder.Combine("second.key"), Sealed, Opened).Output);
        Assert.Equal(_data.Length, opened.RootElement.GetProperty("fileBytes").GetInt64());
        Assert.False(opened.RootElement.TryGetProperty("recipients", out _));
    }

    [Fact]
    public void A_damaged_file_leaves_nothing_and_says_where()
    {
        Assert.Equal(0, CommandRun.Of("seal", "--to", _recipient, _in, Sealed).Code);
        byte[] file = File.ReadAllBytes(Sealed);
        file[150_000] ^= 1;
        File.WriteAllBytes(Sealed, file);
        CommandRun run = CommandRun.Of("unseal", "-i", _key, Sealed, Opened);
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.Contains("chunk 2", run.Error, StringComparison.Ordinal);
        Assert.Equal([_key, _in, Sealed], Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_there_is_left_alone_unless_it_may_go()
    {
        File.WriteAllText(Sealed, "precious");
        CommandRun run = CommandRun.Of("seal", "--to", _recipient, _in, Sealed);
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Contains("--force", run.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(Sealed));
        Assert.Equal(0, CommandRun.Of("seal", "--force", "--to", _recipient, _in, Sealed).Code);
        Assert.Equal(0, CommandRun.Of("unseal", "-i", _key, Sealed, Opened).Code);
    }

    [Theory]
    [InlineData("seal", "in", "out")]
    [InlineData("seal", "--to", "age1x", "in")]
    [InlineData("seal", "--new-key", "a", "in", "out")]
    [InlineData("seal", "--new-key", "a", "--to", "age1x")]
    [InlineData("seal", "--json", "--to", "age1x", "in", "-")]
    [InlineData("unseal", "in", "out")]
    [InlineData("unseal", "--json", "-i", "key", "in", "-")]
    public void A_command_line_that_does_not_make_sense_is_refused(params string[] words) => Assert.Equal(2, CommandRun.Of(words).Code);

    [Fact]
    public void A_word_that_is_no_recipient_is_refused_before_anything_is_written()
    {
        CommandRun run = CommandRun.Of("seal", "--to", "age1nobody", _in, Sealed);
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.Contains("--to", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Sealed));
    }

    [Fact]
    public void Through_pipes_both_ways_and_a_file_that_was_cut_off_gives_what_there_is()
    {
        string program = ProgramLink.Create(_folder.Path, "lifeboat");
        ToolRun run = ToolRun.OfShell(
            _folder.Path,
            $"""
            '{program}' seal --to {_recipient} - - < vmcore > piped.age && '{program}' unseal -i dumps.key - - < piped.age | cmp - vmcore && echo same
            head -c 140000 piped.age | '{program}' unseal -i dumps.key - - > part; echo code $?
            cmp part vmcore
            """);
        Assert.Contains("same", run.Output, StringComparison.Ordinal);
        Assert.Contains("code 4", run.Output, StringComparison.Ordinal);
        Assert.Contains("incomplete", run.Error, StringComparison.Ordinal);
        Assert.Contains("EOF on part", run.Error, StringComparison.Ordinal);
        Assert.Equal(2 * 65536, new FileInfo(_folder.Combine("part")).Length);
    }
}
