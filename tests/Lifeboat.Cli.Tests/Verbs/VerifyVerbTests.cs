using System.Text.Json;
using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

[Collection(ConsoleCollection.Name)]
public sealed class VerifyVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _dump;

    public VerifyVerbTests() => _dump = _folder.Write("vmcore", CoreFile.Of(CrashedMachine.Create()));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_dump_is_sound()
    {
        CommandRun run = CommandRun.Of("verify", _dump);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(
            $"{_dump}: sound{Environment.NewLine}  pages     8192 read and unpacked, 0 faults{Environment.NewLine}", run.Output);
    }

    [Fact]
    public void A_dump_that_was_cut_is_exit_code_4_with_its_faults_counted()
    {
        Assert.Equal(0, CommandRun.Of("filter", _dump, _folder.Combine("out"), "--level", "0", "--compress", "none").Code);
        byte[] whole = File.ReadAllBytes(_folder.Combine("out"));
        CommandRun run = CommandRun.Of("verify", "--json", _folder.Write("cut", whole[..(whole.Length / 2)]));
        Assert.Equal((4, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        JsonElement root = document.RootElement;
        Assert.Equal(1, root.GetProperty("schema").GetInt32());
        Assert.False(root.GetProperty("sound").GetBoolean());
        Assert.Equal(8192, root.GetProperty("pagesRead").GetInt32() + root.GetProperty("faults").GetInt32());
        Assert.Contains("truncated", root.GetProperty("firstFault").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, root.GetProperty("wrong").GetArrayLength());
    }

    [Fact]
    public void Of_a_crash_every_file_is_compared_and_the_dump_is_read()
    {
        string crash = Path.GetDirectoryName(Capture())!;
        CommandRun run = CommandRun.Of("verify", crash);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.StartsWith($"{crash}: sound", run.Output, StringComparison.Ordinal);
        Assert.Contains("dmesg.txt: size and SHA-256 compared", run.Output, StringComparison.Ordinal);
        Assert.Contains("vmcore.kdump: size and SHA-256 compared", run.Output, StringComparison.Ordinal);
        Assert.Contains(" read and unpacked, 0 faults", run.Output, StringComparison.Ordinal);

        File.AppendAllText(Path.Combine(crash, "dmesg.txt"), "one line more\n");
        run = CommandRun.Of("verify", crash);
        Assert.Equal(4, run.Code);
        Assert.Contains("wrong     dmesg.txt has ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_sealed_crash_the_hashes_are_compared_and_nothing_is_read()
    {
        string crash = Path.GetDirectoryName(Capture())!;
        string manifest = Path.Combine(crash, "manifest.json");
        File.Move(Path.Combine(crash, "vmcore.kdump"), Path.Combine(crash, "vmcore.flat.age"));
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("vmcore.kdump", "vmcore.flat.age", StringComparison.Ordinal));
        CommandRun run = CommandRun.Of("verify", crash);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("vmcore.flat.age: size and SHA-256 compared", run.Output, StringComparison.Ordinal);
        Assert.Contains("none read", run.Output, StringComparison.Ordinal);

        File.Delete(Path.Combine(crash, "vmcore.flat.age"));
        run = CommandRun.Of("verify", "--json", crash);
        Assert.Equal(4, run.Code);
        Assert.Contains("which is not there", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_to_be_erased_counts_as_wrong_when_it_cannot_be_looked_for()
    {
        CommandRun run = CommandRun.Of("verify", "--redaction", _dump);
        Assert.Equal((4, ""), (run.Code, run.Error));
        Assert.Contains("NOT REDACTED", run.Output, StringComparison.Ordinal);
        Assert.Contains("redaction NOT PROVEN: 0 places named, 0 found anew", run.Output, StringComparison.Ordinal);
        Assert.Contains("wrong     not proven: LB3004", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_must_not_be_there_are_found_with_their_place()
    {
        string there = _folder.Write("there", "drill-guest"u8.ToArray());
        string gone = _folder.Write("gone", "nothing has these bytes"u8.ToArray());
        CommandRun run = CommandRun.Of("verify", "--json", "--redaction", "--erase", "none", "--secret", there, "--secret", gone, _dump);
        Assert.Equal((4, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        JsonElement redaction = document.RootElement.GetProperty("redaction");
        Assert.False(redaction.GetProperty("proven").GetBoolean());
        Assert.Equal(2, redaction.GetProperty("secrets").GetArrayLength());
        string wrong = document.RootElement.GetProperty("wrong").EnumerateArray().Single().GetString()!;
        Assert.Contains($"the bytes of {there} are in the dump, at 0x", wrong, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of("verify", "--redaction", "--erase", "none", "--secret", gone, _dump).Code);
    }

    [Theory]
    [InlineData("--secret", "x")]
    [InlineData("--erase", "keys")]
    [InlineData("--redaction", "--erase", "nonsense")]
    public void Options_of_redaction_are_refused_where_they_say_nothing(params string[] options) =>
        Assert.Equal(2, CommandRun.Of(["verify", _dump, .. options]).Code);

    [Fact]
    public void A_secret_that_is_too_short_to_be_one_is_refused()
    {
        CommandRun run = CommandRun.Of("verify", "--redaction", "--secret", _folder.Write("short", "abc"u8.ToArray()), _dump);
        Assert.Equal(1, run.Code);
        Assert.Contains("3 bytes; a secret to look for has 8 to 4096", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_whose_bytes_changed_is_found_by_unpacking_or_by_the_manifest()
    {
        string captured = Capture();
        byte[] bytes = File.ReadAllBytes(captured);
        bytes[^100] ^= 0x10;
        File.WriteAllBytes(captured, bytes);
        CommandRun run = CommandRun.Of("verify", captured);
        Assert.Equal((4, ""), (run.Code, run.Error));
        Assert.Contains("DAMAGED", run.Output, StringComparison.Ordinal);
        Assert.Contains("wrong     the SHA-256 of vmcore.kdump is not the one", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_counts_otherwise_than_the_bitmaps_is_exit_code_4()
    {
        Assert.Equal(0, CommandRun.Of("filter", _dump, _folder.Combine("out")).Code);
        byte[] bytes = File.ReadAllBytes(_folder.Combine("out"));
        const int WrittenBlocks = 452;
        bytes[WrittenBlocks]++;
        CommandRun run = CommandRun.Of("verify", _folder.Write("changed", bytes));
        Assert.Equal((4, ""), (run.Code, run.Error));
        Assert.Contains(
            "wrong     LB2020: the header and the 2nd bitmap count kept pages differently", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_capture_saved_agrees_with_its_manifest()
    {
        string captured = Capture();
        CommandRun run = CommandRun.Of("verify", captured);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains($"  manifest  {captured}: size and SHA-256 compared", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_does_not_name_the_dump_is_told_and_nothing_wrong()
    {
        string captured = Capture();
        string other = Path.Combine(Path.GetDirectoryName(captured)!, "other");
        File.Copy(captured, other);
        CommandRun run = CommandRun.Of("verify", other);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("manifest.json does not name other", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no manifest")]
    [InlineData("")]
    [InlineData("{}")]
    public void A_manifest_that_cannot_be_read_is_exit_code_4(string content)
    {
        _folder.Write("manifest.json", content);
        CommandRun run = CommandRun.Of("verify", _dump);
        Assert.Equal((4, ""), (run.Code, run.Output));
        Assert.StartsWith("lifeboat: LB", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_alone_is_not_sound_and_all_together_are()
    {
        Assert.Equal(0, CommandRun.Of("filter", _dump, _folder.Combine("out"), "--split", "2").Code);
        Assert.Equal(4, CommandRun.Of("verify", _folder.Combine("out.1")).Code);
        Assert.Equal(0, CommandRun.Of("verify", _folder.Combine("out.1"), _folder.Combine("out.2")).Code);
    }

    private string Capture()
    {
        Assert.Equal(0, CommandRun.Of("capture", "--vmcore", _dump, "--target", _folder.Combine("crash")).Code);
        return Path.Combine(Assert.Single(Directory.GetDirectories(_folder.Combine("crash"))), "vmcore.kdump");
    }
}
