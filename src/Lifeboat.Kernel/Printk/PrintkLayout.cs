using Lifeboat.Vmcore;

namespace Lifeboat.Kernel.Printk;

/// <summary>
/// Where the fields of the printk ringbuffer's structures are (kernel/printk/printk_ringbuffer.h, from 5.10 on).
/// </summary>
internal sealed record PrintkLayout
{
    internal const int MaxStructSize = 4096;

    internal required int RingbufferSize { get; init; }

    internal required int DescRing { get; init; }

    internal required int TextRing { get; init; }

    internal required int CountBits { get; init; }

    internal required int Descs { get; init; }

    internal required int Infos { get; init; }

    internal required int HeadId { get; init; }

    internal required int TailId { get; init; }

    internal required int DescSize { get; init; }

    internal required int StateVar { get; init; }

    internal required int TextBlock { get; init; }

    internal required int Begin { get; init; }

    internal required int Next { get; init; }

    internal required int InfoSize { get; init; }

    internal required int Sequence { get; init; }

    internal required int Timestamp { get; init; }

    internal required int TextLength { get; init; }

    internal required int CallerId { get; init; }

    internal required int SizeBits { get; init; }

    internal required int Data { get; init; }

    /// <summary>Collects the layout; null, with the keys that are missing, when it is not complete.</summary>
    internal static PrintkLayout? Read(Vmcoreinfo info, List<string> missing)
    {
        var layout = new PrintkLayout
        {
            RingbufferSize = Size("printk_ringbuffer"),
            DescRing = Offset("printk_ringbuffer.desc_ring", 256),
            TextRing = Offset("printk_ringbuffer.text_data_ring", 256),
            CountBits = Offset("prb_desc_ring.count_bits", 256),
            Descs = Offset("prb_desc_ring.descs", 256),
            Infos = Offset("prb_desc_ring.infos", 256),
            HeadId = Offset("prb_desc_ring.head_id", 256),
            TailId = Offset("prb_desc_ring.tail_id", 256),
            DescSize = Size("prb_desc"),
            StateVar = Offset("prb_desc.state_var", MaxStructSize),
            TextBlock = Offset("prb_desc.text_blk_lpos", MaxStructSize),
            Begin = Offset("prb_data_blk_lpos.begin", 64),
            Next = Offset("prb_data_blk_lpos.next", 64),
            InfoSize = Size("printk_info"),
            Sequence = Offset("printk_info.seq", MaxStructSize),
            Timestamp = Offset("printk_info.ts_nsec", MaxStructSize),
            TextLength = Offset("printk_info.text_len", MaxStructSize),
            CallerId = Offset("printk_info.caller_id", MaxStructSize),
            SizeBits = Offset("prb_data_ring.size_bits", 256),
            Data = Offset("prb_data_ring.data", 256),
        };
        if (missing.Count == 0 && !layout.FitsItself())
        {
            missing.Add("offsets within the structures' sizes");
        }

        return missing.Count == 0 ? layout : null;

        int Size(string name) => Bounded(info.TryGetSize(name, out int value), value, $"SIZE({name})", MaxStructSize);

        int Offset(string name, int limit) =>
            Bounded(info.TryGetOffset(name, out int value), value, $"OFFSET({name})", limit);

        int Bounded(bool isThere, int value, string key, int limit)
        {
            if (!isThere || value > limit)
            {
                missing.Add(key);
                return 0;
            }

            return value;
        }
    }

    private bool FitsItself() =>
        StateVar + 8 <= DescSize
        && TextBlock + Math.Max(Begin, Next) + 8 <= DescSize
        && Sequence + 8 <= InfoSize
        && Timestamp + 8 <= InfoSize
        && TextLength + 4 <= InfoSize // text_len, facility and level follow each other
        && CallerId + 4 <= InfoSize
        && DescRing + Math.Max(Math.Max(Descs, Infos), Math.Max(HeadId, TailId)) + 8 <= RingbufferSize
        && TextRing + Math.Max(SizeBits, Data) + 8 <= RingbufferSize;
}
