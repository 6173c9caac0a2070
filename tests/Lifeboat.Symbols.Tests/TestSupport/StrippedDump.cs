using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Symbols.Tests.TestSupport;

/// <summary>A dump whose VMCOREINFO lacks some of its lines.</summary>
internal sealed class StrippedDump(DumpSource whole, Func<string, bool> isKept) : DumpSource
{
    public override string Path => whole.Path;

    public override string FormatName => whole.FormatName;

    public override bool IsIncomplete => whole.IsIncomplete;

    public override IReadOnlyList<PhysicalRange> RamRanges => whole.RamRanges;

    public override ReadOnlyMemory<byte> Notes => whole.Notes;

    public override Vmcoreinfo Vmcoreinfo { get; } = Vmcoreinfo.Parse(System.Text.Encoding.UTF8.GetBytes(
        string.Join('\n', whole.Vmcoreinfo.Text.Split('\n').Where(line => isKept(line[..Math.Max(0, line.IndexOf('=', StringComparison.Ordinal))])))));

    public override IReadOnlyList<Diagnostic> Diagnostics => whole.Diagnostics;

    public override Pfn EndPfn => whole.EndPfn;

    public override PageState GetPageState(Pfn pfn) => whole.GetPageState(pfn);

    public override void GetPageStates(Pfn start, Span<PageState> states) => whole.GetPageStates(start, states);

    public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault) =>
        whole.Read(address, destination, out fault);
}
