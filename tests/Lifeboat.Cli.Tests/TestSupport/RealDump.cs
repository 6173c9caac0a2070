using Lifeboat.TestSupport;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>The dump of a real 6.1 kernel with all of its pages, for the tests of a class.</summary>
public sealed class RealDump : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _elf;

    public RealDump() => _elf = new Lazy<string>(WriteElf);

    /// <summary>The dump as ELF, as /proc/vmcore would have it.</summary>
    internal string Elf => _elf.Value;

    /// <summary>The dump, compressed; a test is skipped where there is none.</summary>
    internal static string Require()
    {
        string? dump = TestDumps.Find(".elf")
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith("6.1.", StringComparison.Ordinal));
        Assert.SkipWhen(dump is null, "LIFEBOAT_TEST_DUMPS names no folder with the dump of a 6.1 kernel");
        return dump;
    }

    public void Dispose() => _folder.Dispose();

    private string WriteElf()
    {
        string path = _folder.Combine("vmcore");
        using var dump = DumpSource.Open(Require());
        ElfFileWriter.Write(dump, path, new DumpWriteOptions { Level = DumpLevel.None }, null, CancellationToken.None);
        return path;
    }
}
