using System.Text;
using Lifeboat.Capture.HostPrograms;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Ssh;
using Lifeboat.Capture.Tests.HostPrograms;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Tests.Ssh;

public sealed class SshNeedsTests
{
    private const string Ed = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    private const string Rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==";

    [Fact]
    public void Targets_without_ssh_need_nothing()
    {
        SshNeeds needs = Needs("raw /dev/vdb", "");
        Assert.Empty(needs.Files());
        Assert.Empty(needs.Programs());
    }

    [Fact]
    public void Takes_the_client_the_key_and_one_host_key_for_each_target()
    {
        using var machine = new TemporaryFolder();
        string key = MakeKey(machine, "key", "");
        machine.Write("usr/bin/ssh", TestLibrary.Elf(["libc.so.6"]));
        machine.Write("lib/libc.so.6", TestLibrary.Elf([]));
        SshNeeds needs = Needs(
            $"raw /dev/vdb\nssh kdump@dumps.example port=2222\nssh kdump@10.0.0.1 hostkey=\"{Ed}\"\nsshkey {key}",
            $"# Host found: line 1\n|1|hash|hash {Rsa}\n[dumps.example]:2222 {Ed} comment\n", machine.Path);
        IReadOnlyList<RamdiskFile> files = [.. HostProgram.FilesOf(needs.Programs()), .. needs.Files()];

        Assert.Equal(
            [
                "/lib/libc.so.6", "/usr/bin/ssh", "/etc/passwd", "/etc/nsswitch.conf",
                "/etc/lifeboat/ssh/1/key", "/etc/lifeboat/ssh/1/known_hosts", "/etc/lifeboat/ssh/2/key", "/etc/lifeboat/ssh/2/known_hosts",
            ],
            files.Select(file => file.Path));
        Assert.Equal($"lifeboat-target {Ed}\n", Encoding.ASCII.GetString(files[5].ReadContent().Span));
        Assert.Equal(0x180, files[4].Permissions);
        Assert.Equal(File.ReadAllBytes(key), files[4].ReadContent().ToArray());
        SshConnection connection = SshConnection.InRamdisk(new SshTarget("kdump", "10.0.0.1"), 2);
        Assert.Equal((files[6].Path, files[7].Path), (connection.KeyFile, connection.KnownHostsFile));
    }

    [Fact]
    public void A_host_whose_key_is_not_known_is_refused_with_how_to_get_it()
    {
        using var machine = new TemporaryFolder();
        string key = MakeKey(machine, "key", "");
        SshNeeds needs = Needs($"ssh kdump@dumps.example\nsshkey {key}", "", machine.Path);

        DiagnosticException refusal = Assert.Throws<DiagnosticException>(needs.Files);
        Assert.Contains("ssh-keyscan -p 22 dumps.example", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret", "passphrase")]
    [InlineData(null, "no secret key")]
    public void A_key_that_nobody_could_use_at_a_crash_is_refused(string? passphrase, string found)
    {
        using var machine = new TemporaryFolder();
        string key = passphrase is null ? machine.Write("key", "hello") : MakeKey(machine, "key", passphrase);
        SshNeeds needs = Needs($"ssh kdump@dumps.example hostkey=\"{Ed}\" key={key}", "", machine.Path);

        DiagnosticException refusal = Assert.Throws<DiagnosticException>(needs.Files);
        Assert.Contains(found, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ssh-keygen -t ed25519", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"a {Rsa}\na {Ed}\n", Ed)]
    [InlineData($"{Ed} root@host\n", Ed)]
    [InlineData($"# comment\n@cert-authority * {Ed}\na {Rsa}", Rsa)]
    [InlineData($"a {Ed}\n@revoked a {Ed}\n", null)]
    [InlineData("a ssh-ed25519 $(reboot)", null)]
    [InlineData("", null)]
    public void Pins_the_best_key(string text, string? expected) => Assert.Equal(expected, HostKeys.Best(text));

    private static SshNeeds Needs(string settings, string knownHosts, string root = "/") =>
        new(CaptureSettings.Parse(settings, "test"), root, name => name == "dumps.example" || name == "[dumps.example]:2222" ? knownHosts : "");

    private static string MakeKey(TemporaryFolder folder, string name, string passphrase)
    {
        string path = folder.Combine(name);
        Oracle.Run("ssh-keygen", [], "-q", "-t", "ed25519", "-N", passphrase, "-f", path);
        return path;
    }
}
