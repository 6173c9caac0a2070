using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Commands;
using Lifeboat.Kernel;
using Lifeboat.Symbols.Files;
using Lifeboat.Symbols.Tests.RealDumps;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect.Tests.Hostile;

/// <summary>A vmlinux in the place of symbols and types that the dump does not have.</summary>
public sealed class StandInFilesTests
{
    [Fact]
    public void With_a_vmlinux_a_dump_without_symbols_and_types_gives_what_a_whole_one_does()
    {
        using var real = RealKernel.OpenWithDebugInfo();
        using var dump = new MutatedDump(DumpSource.Open(real.Path));
        string[] lines = ["ps", "bt -a", "mod", "sym schedule", "struct path", "task"];
        string[] whole = Run(dump, lines, null);
        Assert.True(real.Symbols.TryFindAddress("__start_BTF", out VirtualAddress types));
        Assert.True(dump.Vmcoreinfo.TryGetSymbol("kallsyms_token_index", out VirtualAddress tokens));
        foreach (VirtualAddress place in (VirtualAddress[])[types, tokens])
        {
            Assert.True(real.Space.TryTranslate(place, out PhysicalAddress physical, out _, out _));
            dump.Exclude(physical.Pfn.Value);
        }

        Assert.Contains(Run(dump, ["ps"], null), static line => line.StartsWith("note: LB80", StringComparison.Ordinal));
        using Vmlinux vmlinux = Vmlinux.Open(real.Vmlinux!, dump.Vmcoreinfo);
        Assert.Equal(whole, Run(dump, lines, new KernelFiles(vmlinux.ReadSymbols(), vmlinux.ReadTypes())));
    }

    private static string[] Run(DumpSource dump, string[] lines, KernelFiles? files)
    {
        var session = new InspectSession(CrashedKernel.Open(dump, files: files));
        return [.. lines.SelectMany(line => HostileRun.Command(session, line).Split(Environment.NewLine))];
    }
}
