using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.TestSupport;

/// <summary>A fake kernel as a dump.</summary>
internal sealed class FakeDump(FakeKernel kernel, DumpUtsName? header = null) : DumpSource
{
    public override string Path => "fake";

    public override string FormatName => "fake";

    public override bool IsIncomplete => false;

    public override IReadOnlyList<PhysicalRange> RamRanges => [new(default, new(FakeKernel.RamSize))];

    public override ReadOnlyMemory<byte> Notes => default;

    public override Vmcoreinfo Vmcoreinfo { get; } = kernel.Vmcoreinfo;

    public override DumpUtsName? HeaderUtsName => header;

    public override Pfn EndPfn => new(FakeKernel.RamSize / 4096);

    public override PageState GetPageState(Pfn pfn) => PageState.Present;

    public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault) =>
        kernel.Memory.Read(address, destination, out fault);
}
