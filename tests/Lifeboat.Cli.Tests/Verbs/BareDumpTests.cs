using Lifeboat.Cli.Tests.TestSupport;
using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.Verbs;

/// <summary>A dump that QEMU wrote of a guest whose VMCOREINFO it did not know.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class BareDumpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_cannot_be_told_without_vmcoreinfo_is_said()
    {
        string bare = TestDumps.RequireQemu("bare");
        CommandRun info = CommandRun.Of("info", bare);
        Assert.Equal((0, ""), (info.Code, info.Error));
        Assert.Contains("missing   VMCOREINFO, without which there is no log", info.Output, StringComparison.Ordinal);
        CommandRun inspect = CommandRun.Of("inspect", bare);
        Assert.Equal(0, inspect.Code);
        Assert.StartsWith("No log: whether there was a panic cannot be told", inspect.Output, StringComparison.Ordinal);
        CommandRun filter = CommandRun.Of("filter", bare, _folder.Combine("out"), "--level", "31");
        Assert.Equal(0, filter.Code);
        Assert.Contains(
            "no class of pages can be told apart: all are kept", filter.Output + filter.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("free ", filter.Output, StringComparison.Ordinal);
    }
}
