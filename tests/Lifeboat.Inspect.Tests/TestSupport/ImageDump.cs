using Lifeboat.Core.Memory;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Vmcore;

namespace Lifeboat.Inspect.Tests.TestSupport;

/// <summary>A kernel's image as a dump.</summary>
internal sealed class ImageDump(ImageMemory memory) : DumpSource
{
    private static readonly PhysicalRange Ram = new(new PhysicalAddress(1UL << 24), new PhysicalAddress((1UL << 24) + (2UL << 20)));

    public override string Path => "image";

    public override string FormatName => "image";

    public override bool IsIncomplete => false;

    public override IReadOnlyList<PhysicalRange> RamRanges => [Ram];

    public override ReadOnlyMemory<byte> Notes => default;

    public override Vmcoreinfo Vmcoreinfo { get; } = memory.Vmcoreinfo;

    public override Pfn EndPfn => Ram.End.Pfn;

    public override PageState GetPageState(Pfn pfn) => pfn.Value < Ram.Start.Pfn.Value || pfn.Value >= EndPfn.Value ? PageState.NotRam
        : memory.UnreadablePages.Contains(pfn.Value - Ram.Start.Pfn.Value) ? PageState.Excluded : PageState.Present;

    public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault) =>
        memory.Read(address, destination, out fault);
}
