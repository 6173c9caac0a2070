using Lifeboat.Capture.Tests.Ssh;

namespace Lifeboat.Machine.Tests.Targets;

/// <summary>A crash goes from a guest through the host's ssh client to an sshd of the test's own.</summary>
public sealed class SshTargetTests
{
    [Fact]
    public void A_crash_is_sent_to_lifeboat_receive()
    {
        using var folder = new TemporaryFolder();
        string crashes = folder.File("crashes");
        using SshServer server = SshServer.Start($"{TestMachine.Program} receive {crashes}");
        DrillResult drill = Run(folder, server, "command=receive").MustEndWith(0);
        string crash = Assert.Single(Directory.GetDirectories(crashes));
        Assert.EndsWith("-drill-guest", crash, StringComparison.Ordinal);
        Assert.EndsWith(Path.GetFileName(crash), drill.Document.GetProperty("savedElsewhere").GetString()!.Split(',')[0], StringComparison.Ordinal);
        Assert.Contains("sysrq triggered crash", File.ReadAllText(Path.Combine(crash, "dmesg.txt")), StringComparison.Ordinal);
        Assert.Contains("sysrq triggered crash", File.ReadAllText(Path.Combine(crash, "report.txt")), StringComparison.Ordinal);
        ProgramResult verified = TestMachine.Run(TestMachine.Program, ["verify", Path.Combine(crash, "vmcore.kdump")]);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
    }

    [Fact]
    public void A_server_with_another_key_and_one_that_refuses_ours_get_nothing_and_the_disk_gets_the_crash()
    {
        using var folder = new TemporaryFolder();
        string crashes = folder.File("crashes");
        using SshServer server = SshServer.Start($"{TestMachine.Program} receive {crashes}");
        string kept = folder.File("kept");
        string refused = server.TargetLine("127.0.0.1").Replace(server.PathOf("client"), server.PathOf("other"), StringComparison.Ordinal);
        DrillResult drill = Run(folder, server, $"command=receive\n{refused} command=receive", host: "other", "--keep", kept);
        Assert.NotEqual(0, drill.ExitCode);
        Assert.Contains("no other host took the crash", drill.Failure("what"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(crashes));
        Assert.True(File.Exists(Path.Combine(kept, "vmcore.kdump")));
        string[] left = [.. File.ReadLines(Path.Combine(kept, "console.log")).Where(static line => line.Contains("the next target is tried", StringComparison.Ordinal))];
        Assert.Contains(left, static line => line.Contains("key", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(left, static line => line.Contains("Permission denied", StringComparison.Ordinal));
    }

    private static DrillResult Run(TemporaryFolder folder, SshServer server, string options, string host = "host", params string[] more)
    {
        string settings = folder.File("lifeboat.conf");
        File.WriteAllText(settings, $"{server.TargetLine("127.0.0.1", host)} {options}\npath /crash\n");
        return DrillResult.Run(TestMachine.Kernel("6.12"), ["--settings", settings, .. more]);
    }
}
