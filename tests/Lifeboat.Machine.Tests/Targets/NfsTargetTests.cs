namespace Lifeboat.Machine.Tests.Targets;

public sealed class NfsTargetTests
{
    [Theory]
    [InlineData(" vers=4.1")]
    [InlineData("")]
    [InlineData(" vers=3")]
    public void A_crash_is_saved_to_an_NFS_server_after_one_that_does_not_export_it(string version)
    {
        if (version == " vers=4.1")
        {
            TestMachine.RequireNightly();
        }

        TestKernel kernel = TestMachine.Kernel("6.12");
        using var folder = new TemporaryFolder();
        bool isOld = version == " vers=3";
        using NfsServer server = NfsServer.Start(folder, isOld);
        string export = isOld ? server.Folder : NfsServer.Export;
        string settings = folder.File("lifeboat.conf");
        string target = $"port={server.Port}{(isOld ? $" mountport={server.MountPort}" : "")}{version}\n";
        File.WriteAllText(settings, $"nfs 127.0.0.1:/secret {target}nfs 127.0.0.1:{export} {target}path /crash\n");
        DrillResult drill = DrillResult.Run(kernel, "--settings", settings, "--keep", folder.File("kept")).MustEndWith(0);
        Assert.Contains(
            File.ReadLines(folder.File("kept/console.log")),
            line => line.Contains("/secret", StringComparison.Ordinal) && line.EndsWith("the next target is tried", StringComparison.Ordinal));
        Assert.StartsWith(
            $"127.0.0.1:{export}/crash/", drill.Document.GetProperty("savedElsewhere").GetString(), StringComparison.Ordinal);
        string crash = Assert.Single(Directory.GetDirectories(Path.Combine(server.Folder, "crash")));
        Assert.False(Path.GetFileName(crash).Contains("partial", StringComparison.Ordinal));
        ProgramResult verified = TestMachine.Run(TestMachine.Program, ["verify", Path.Combine(crash, "vmcore.kdump")]);
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
    }
}
