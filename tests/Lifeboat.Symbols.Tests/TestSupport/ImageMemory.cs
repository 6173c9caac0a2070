using System.Globalization;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Symbols.Tests.TestSupport;

/// <summary>A kernel of an image alone: bytes at a virtual address, some pages of which may be unreadable.</summary>
internal sealed class ImageMemory(byte[] bytes) : IPhysicalMemory
{
    internal const ulong Start = 0xffff_ffff_8100_0000;
    private const ulong PhysicalStart = 0x100_0000;

    internal HashSet<ulong> UnreadablePages { get; } = [];

    internal Dictionary<string, string> Info { get; } = new(StringComparer.Ordinal)
    {
        ["SYMBOL(init_top_pgt)"] = Start.ToString("x", CultureInfo.InvariantCulture),
        ["SYMBOL(_stext)"] = Start.ToString("x", CultureInfo.InvariantCulture),
        ["NUMBER(phys_base)"] = "0",
    };

    internal Vmcoreinfo Vmcoreinfo => Vmcoreinfo.Parse(
        Encoding.ASCII.GetBytes(string.Concat(Info.Select(static pair => $"{pair.Key}={pair.Value}\n"))));

    internal AddressSpace Space => AddressSpace.OpenKernel(this, Vmcoreinfo);

    public int Read(PhysicalAddress address, Span<byte> destination, out MemoryFault fault)
    {
        fault = MemoryFault.None;
        int done = 0;
        while (done < destination.Length)
        {
            ulong place = unchecked(address.Value + (ulong)done - PhysicalStart);
            if (place >= (ulong)bytes.Length || UnreadablePages.Contains(place / 4096))
            {
                fault = new MemoryFault(address.Value + (ulong)done, MemoryFaultReason.Excluded);
                return done;
            }

            int count = Math.Min(destination.Length - done, 4096 - (int)(place % 4096));
            count = (int)Math.Min((ulong)count, (ulong)bytes.Length - place);
            bytes.AsSpan((int)place, count).CopyTo(destination[done..]);
            done += count;
        }

        return done;
    }
}
