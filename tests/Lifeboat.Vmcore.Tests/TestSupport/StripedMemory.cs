using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>A machine of which every other page is RAM, and one cannot be read.</summary>
internal sealed class StripedMemory(int count, ulong unreadable = ulong.MaxValue) : DumpSource
{
    public override string Path => "striped";

    public override string FormatName => "striped";

    public override bool IsIncomplete => false;

    public override IReadOnlyList<PhysicalRange> RamRanges { get; } =
    [
        .. Enumerable.Range(0, count).Select(static i => PhysicalRange.FromLength(
            new Pfn(2 * (ulong)i).Address, ByteCount.Page)),
    ];

    public override ReadOnlyMemory<byte> Notes => default;

    public override Vmcoreinfo Vmcoreinfo => Vmcoreinfo.Empty;

    public override Pfn EndPfn => new((2 * (ulong)count) - 1);

    public override PageState GetPageState(Pfn pfn) =>
        pfn.Value % 2 == 0 && pfn.Value < EndPfn.Value ? PageState.Present : PageState.NotRam;

    public override int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        fault = MemoryFault.None;
        for (int i = 0; i < destination.Length; i++)
        {
            ulong position = address.Value + (ulong)i;
            ulong pfn = position / 4096;
            if (pfn == unreadable || GetPageState(new Pfn(pfn)) == PageState.NotRam)
            {
                fault = new MemoryFault(
                    position, pfn == unreadable ? MemoryFaultReason.Damaged : MemoryFaultReason.Unmapped);
                return i;
            }

            destination[i] = FirstByte(pfn);
        }

        return destination.Length;
    }

    internal static byte FirstByte(ulong pfn) => (byte)(pfn | 1);
}
