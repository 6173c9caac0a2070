using Lifeboat.Capture.Init;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Tests.Init;

public sealed class FileSystemMountTests
{
    [Fact]
    public void An_unknown_filesystem_says_that_its_module_is_missing()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may mount");
        using var folder = new TemporaryFolder();
        KernelInterfaceException refusal = Assert.Throws<KernelInterfaceException>(
            () => FileSystemMount.Mount("none", folder.Path, "no_such_filesystem"));
        Assert.SkipWhen(refusal.Errno == Errno.EPERM, "mounting is not allowed here");
        Assert.Equal(Errno.ENODEV, refusal.Errno);
        Assert.Contains("no_such_filesystem", refusal.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_and_filesystems_are_synced()
    {
        using var folder = new TemporaryFolder();
        FileSystemMount.SyncFolder(folder.Path);
        FileSystemMount.SyncFileSystem(folder.Path);
        Assert.Equal(
            Errno.ENOENT,
            Assert.Throws<KernelInterfaceException>(() => FileSystemMount.SyncFolder(folder.Combine("absent"))).Errno);
    }

    [Fact]
    public void A_module_that_is_not_there_is_a_result()
    {
        using var folder = new TemporaryFolder();
        string list = folder.Write("modules", folder.Combine("ext4.ko") + "\n\n");
        ModuleLoadResult result = Assert.Single(EarlyUserspace.LoadModules(list));
        Assert.Equal(Errno.ENOENT, result.Errno);
        Assert.Equal("ext4", result.Name);
        Assert.Empty(EarlyUserspace.LoadModules(folder.Combine("absent")));
    }
}
