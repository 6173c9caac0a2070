using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Tests.Linux;

public sealed class PendingFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lifeboat-test-").FullName;

    private string Target => Path.Combine(_folder, "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_has_its_name_only_when_it_is_whole()
    {
        using (var file = PendingFile.Create(Target, mayReplace: false))
        {
            file.Stream.Write([1, 2, 3]);
            Assert.False(File.Exists(Target));
            file.Commit();
        }

        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Without_a_commit_nothing_is_left_and_what_was_there_stands()
    {
        File.WriteAllBytes(Target, [9]);
        using (var file = PendingFile.Create(Target, mayReplace: true))
        {
            file.Stream.Write([1, 2, 3]);
        }

        Assert.Equal([9], File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_is_there_is_replaced_only_when_it_may_be()
    {
        File.WriteAllBytes(Target, [9]);
        Assert.Throws<IOException>(() => PendingFile.Create(Target, mayReplace: false));
        using var file = PendingFile.Create(Target, mayReplace: true);
        file.Commit();
        Assert.Empty(File.ReadAllBytes(Target));
    }

    [Fact]
    public void What_came_there_in_the_meantime_is_not_lost()
    {
        using (var file = PendingFile.Create(Target, mayReplace: false))
        {
            File.WriteAllBytes(Target, [9]);
            Assert.Throws<IOException>(file.Commit);
        }

        Assert.Equal([9], File.ReadAllBytes(Target));
        Assert.Equal([Target], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_replaced()
    {
        string real = Path.Combine(_folder, "real");
        File.CreateSymbolicLink(Target, real);
        using var file = PendingFile.Create(Target, mayReplace: false);
        file.Stream.Write([1]);
        file.Commit();
        Assert.Equal(real, File.ResolveLinkTarget(Target, returnFinalTarget: true)?.FullName);
        Assert.Equal([1], File.ReadAllBytes(real));
    }

    [Fact]
    public void A_device_is_never_replaced()
    {
        Assert.Throws<IOException>(() => PendingFile.Create("/dev/null", mayReplace: true));
        Assert.Throws<IOException>(() => PendingFile.Create(_folder, mayReplace: true));
    }
}
