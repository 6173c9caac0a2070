using System.Text;
using Lifeboat.Core.Archives;
using Lifeboat.Drill.Inside;
using Lifeboat.TestSupport;

namespace Lifeboat.Drill.Tests.Inside;

public sealed class KernelTruthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_the_kernel_says_is_an_archive_by_the_paths_of_proc()
    {
        _folder.Write("proc/sys/kernel/kptr_restrict", "1");
        _folder.Write("proc/kallsyms", "ffffffff81000000 T _stext\n");
        _folder.Write("proc/meminfo", "MemTotal: 1 kB\n");
        _folder.Write("proc/self/net/tcp", "sl\n");
        _folder.Write("proc/17/maps", "a map");
        _folder.Write("proc/17/fdinfo/3", "pos: 0");
        _folder.Write("proc/17/task/18/stack", "[<0>] schedule+0x1/0x2");
        _folder.Write("proc/17/fd/not-a-link", "");
        _folder.Write("proc/17/ns/none", "");
        File.CreateSymbolicLink(_folder.Combine("proc/17/fd/3"), "socket:[5]");
        File.CreateSymbolicLink(_folder.Combine("proc/17/exe"), "/init");

        // A process that is gone before its descriptors are listed.
        _folder.Write("proc/19/maps", "");
        string archive = _folder.Combine(KernelTruth.FileName);
        int count = KernelTruth.Save(archive, _folder.Combine("proc"));

        Assert.Equal("0", File.ReadAllText(_folder.Combine("proc/sys/kernel/kptr_restrict")));
        var files = CpioReader.Read(File.ReadAllBytes(archive))
            .Where(entry => entry.Name != "sched_debug") // of this machine, where it may be read
            .ToDictionary(entry => entry.Name, entry => Encoding.UTF8.GetString(entry.Content.Span), StringComparer.Ordinal);
        Assert.InRange(count - files.Count, 0, 1);
        Assert.Equal(
            ["17/fdinfo/3", "17/links", "17/maps", "17/task/18/stack", "19/maps", "kallsyms", "meminfo", "net/tcp"],
            files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("ffffffff81000000 T _stext\n", files["kallsyms"]);
        Assert.Equal("[<0>] schedule+0x1/0x2", files["17/task/18/stack"]);
        Assert.Contains("exe -> /init\n", files["17/links"], StringComparison.Ordinal);
        Assert.Contains("fd/3 -> socket:[5]\n", files["17/links"], StringComparison.Ordinal);
    }
}
