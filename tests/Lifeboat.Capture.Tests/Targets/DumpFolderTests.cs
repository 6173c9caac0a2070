using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Tests.Targets;

public sealed class DumpFolderTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 15, 22, 33, TimeSpan.FromHours(1));

    [Fact]
    public void Has_its_last_name_only_when_it_is_published()
    {
        using var folder = new TemporaryFolder();
        DumpFolder dump = DumpFolder.Create(folder.Combine("var", "crash"), Time, "web1");
        Assert.Equal(folder.Combine("var", "crash", "20260131T142233Z-web1.partial"), dump.Path);
        File.WriteAllText(dump.Combine("f"), "x");
        Assert.Equal("700\n", Oracle.Run("stat", [], "-c", "%a", dump.Path));
        dump.Publish(complete: true);
        Assert.Equal(folder.Combine("var", "crash", "20260131T142233Z-web1"), dump.Path);
        Assert.Equal("x", File.ReadAllText(dump.Combine("f")));
        Assert.Single(Directory.GetDirectories(folder.Combine("var", "crash")));
    }

    [Fact]
    public void One_that_lacks_something_is_named_so()
    {
        using var folder = new TemporaryFolder();
        DumpFolder dump = DumpFolder.Create(folder.Path, Time, "web1");
        dump.Publish(complete: false);
        Assert.EndsWith("-web1.incomplete", dump.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_of_the_same_second_do_not_meet()
    {
        using var folder = new TemporaryFolder();
        DumpFolder.Create(folder.Path, Time, "h").Publish(complete: true);
        DumpFolder.Create(folder.Path, Time, "h").Publish(complete: false);
        DumpFolder third = DumpFolder.Create(folder.Path, Time, "h");
        Assert.EndsWith("-h-3.partial", third.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc", "_.._etc")]
    [InlineData("", "unknown")]
    [InlineData("a b\n", "a_b_")]
    public void A_hostile_host_name_stays_within_the_folder(string host, string expected)
    {
        using var folder = new TemporaryFolder();
        DumpFolder dump = DumpFolder.Create(folder.Path, Time, host);
        Assert.Equal($"20260131T142233Z-{expected}.partial", Path.GetFileName(dump.Path));
        Assert.Equal(folder.Path, Path.GetDirectoryName(dump.Path));
    }
}
