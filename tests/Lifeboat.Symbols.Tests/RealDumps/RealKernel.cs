using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Symbols.Tests.RealDumps;

/// <summary>A dump of a real machine with its symbols and types open.</summary>
internal sealed class RealKernel : IDisposable
{
    private const string DebugInfo = "LIFEBOAT_TEST_DEBUGINFO";

    internal RealKernel(string path)
    {
        Path = path;
        Dump = DumpSource.Open(path);
        Space = AddressSpace.OpenKernel(Dump);
        Symbols = KernelSymbols.Open(Space, Dump.Vmcoreinfo);
    }

    internal string Path { get; }

    internal DumpSource Dump { get; }

    internal AddressSpace Space { get; }

    internal KernelSymbols Symbols { get; }

    /// <summary>Its vmlinux with DWARF; null when there is none here.</summary>
    internal string? Vmlinux
    {
        get
        {
            string? folder = Environment.GetEnvironmentVariable(DebugInfo);
            string release = Dump.Vmcoreinfo.OsRelease!;
            string path = $"{folder}/{release}/usr/lib/debug/boot/vmlinux-{release}";
            return folder is not null && File.Exists(path) ? path : null;
        }
    }

    internal static IEnumerable<RealKernel> OpenAll()
    {
        IReadOnlyList<string> dumps = [.. TestDumps.Find(".elf"), .. TestDumps.Find(".filtered")];
        Assert.SkipWhen(dumps.Count == 0, "LIFEBOAT_TEST_DUMPS names no folder with dumps");
        foreach (string path in dumps)
        {
            using var kernel = new RealKernel(path);
            yield return kernel;
        }
    }

    /// <summary>The first one whose vmlinux is here; otherwise the test is skipped.</summary>
    internal static RealKernel OpenWithDebugInfo()
    {
        foreach (string path in TestDumps.Find(".elf"))
        {
            var kernel = new RealKernel(path);
            if (kernel.Vmlinux is not null)
            {
                return kernel;
            }

            kernel.Dispose();
        }

        Assert.Skip("LIFEBOAT_TEST_DUMPS and LIFEBOAT_TEST_DEBUGINFO name no dump and vmlinux of one kernel");
        return null!;
    }

    public void Dispose() => Dump.Dispose();
}
