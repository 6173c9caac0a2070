using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Core.Tests.Sealing;

public sealed class AgeKeyFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifeboat-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_new_key_file_is_its_owner_s_only_and_reads_back()
    {
        string file = Path.Combine(_folder, "key.txt");
        AgeRecipient recipient = AgeKeyFile.Create(file, TimeProvider.System);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        string[] lines = File.ReadAllLines(file);
        Assert.Equal(3, lines.Length);
        Assert.Equal($"# public key: {recipient}", lines[1]);
        using AgeIdentity identity = Assert.Single(AgeKeyFile.ReadIdentities(file));
        Assert.Equal(recipient.ToString(), identity.Recipient.ToString());
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_key_is_never_overwritten()
    {
        string file = Write("old");
        Assert.Throws<IOException>(() => AgeKeyFile.Create(file, TimeProvider.System));
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Comments_empty_lines_spaces_and_line_ends_of_another_system_are_passed_over()
    {
        using var key = AgeIdentity.Generate();
        string file = Write($"# the team\r\n\r\n  {key.Recipient}\t\r\n#{key.Recipient}\n{key.Recipient}");
        Assert.Equal(2, AgeKeyFile.ReadRecipients(file).Count);
    }

    [Fact]
    public void A_line_that_is_no_key_is_told_with_its_number()
    {
        using var key = AgeIdentity.Generate();
        string file = Write($"# the team\n{key.Recipient}\nnobody\n");
        Assert.Equal($"{file}, line 3", Refused(() => AgeKeyFile.ReadRecipients(file)).Where);
        Assert.Equal($"{file}, line 2", Refused(() => AgeKeyFile.ReadIdentities(file)).Where);
    }

    [Fact]
    public void A_file_without_keys_or_too_large_to_be_one_is_refused()
    {
        foreach (string content in (string[])["", "# nothing\n\n", new string('#', DumpLimits.Default.MaxKeyFileBytes + 1)])
        {
            Assert.Equal(CoreDiagnostics.BadKeyFile, Refused(() => AgeKeyFile.ReadRecipients(Write(content))).Id);
            Assert.Equal(CoreDiagnostics.BadKeyFile, Refused(() => AgeKeyFile.ReadIdentities(Write(content))).Id);
        }
    }

    private string Write(string content)
    {
        string file = Path.Combine(_folder, "keys");
        File.WriteAllText(file, content);
        return file;
    }

    private static Diagnostic Refused(Action read) => Assert.Throws<DiagnosticException>(read).Diagnostics[0];
}
