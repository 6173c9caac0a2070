using System.Text;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Kernel.Tests.TestSupport;

/// <summary>
/// Writes a printk ringbuffer as the kernel does: records take a descriptor and a block of text each, and blocks that
/// do not fit before the ring's end begin again at its start.
/// </summary>
internal sealed class FakeLog
{
    internal const ulong Finalized = 2;
    private const int DescSize = 24;
    private const int InfoSize = 88;

    private readonly FakeKernel _kernel;
    private readonly int _countBits;
    private readonly int _textBits;
    private readonly ulong _descs;
    private readonly ulong _infos;
    private readonly ulong _text;
    private readonly ulong _ring;
    private ulong _position;
    private ulong _nextId;

    internal FakeLog(FakeKernel kernel, int countBits = 4, int textBits = 10)
    {
        (_kernel, _countBits, _textBits) = (kernel, countBits, textBits);
        _descs = kernel.Allocate(DescSize << countBits);
        _infos = kernel.Allocate(InfoSize << countBits);
        _text = kernel.Allocate(1 << textBits);
        _ring = kernel.Allocate(88);
        ulong pointer = kernel.Allocate(8);
        _nextId = FirstId;
        _position = unchecked(0UL - (ulong)(1 << textBits)); // the kernel begins just before a wrap
        WriteLong(pointer, _ring);
        WriteLong(_ring, (ulong)countBits);
        WriteLong(_ring + 8, _descs);
        WriteLong(_ring + 16, _infos);
        WriteLong(_ring + 48, (ulong)textBits);
        WriteLong(_ring + 56, _text);
        kernel.Info["SYMBOL(prb)"] = FakeKernel.Hex(pointer);
        foreach ((string key, int value) in (ReadOnlySpan<(string, int)>)[
            ("SIZE(printk_ringbuffer)", 88), ("OFFSET(printk_ringbuffer.desc_ring)", 0),
            ("OFFSET(printk_ringbuffer.text_data_ring)", 48), ("SIZE(prb_desc_ring)", 48),
            ("OFFSET(prb_desc_ring.count_bits)", 0), ("OFFSET(prb_desc_ring.descs)", 8),
            ("OFFSET(prb_desc_ring.infos)", 16), ("OFFSET(prb_desc_ring.head_id)", 24),
            ("OFFSET(prb_desc_ring.tail_id)", 32), ("SIZE(prb_desc)", DescSize), ("OFFSET(prb_desc.state_var)", 0),
            ("OFFSET(prb_desc.text_blk_lpos)", 8), ("OFFSET(prb_data_blk_lpos.begin)", 0),
            ("OFFSET(prb_data_blk_lpos.next)", 8), ("SIZE(printk_info)", InfoSize), ("OFFSET(printk_info.seq)", 0),
            ("OFFSET(printk_info.ts_nsec)", 8), ("OFFSET(printk_info.text_len)", 16),
            ("OFFSET(printk_info.caller_id)", 20), ("SIZE(prb_data_ring)", 32), ("OFFSET(prb_data_ring.size_bits)", 0),
            ("OFFSET(prb_data_ring.data)", 8)])
        {
            kernel.Info[key] = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    internal static ulong FirstId => unchecked((1UL << 62) - 5); // ids wrap, too

    internal ulong RingPhysical => FakeKernel.ToPhysical(_ring);

    internal ulong Count { get; private set; }

    internal void Add(
        string text, ulong timestamp = 0, int level = 6, int facility = 0, uint caller = 1, ulong state = Finalized)
    {
        ulong id = _nextId;
        _nextId = (_nextId + 1) & ((1UL << 62) - 1);
        ulong index = id & ((1UL << _countBits) - 1);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        ulong size = (ulong)(8 + bytes.Length + 7) & ~7UL;
        ulong mask = (1UL << _textBits) - 1;
        (ulong begin, ulong next) = (3, 3); // an empty line has no block
        if (bytes.Length > 0)
        {
            begin = _position;
            next = unchecked(begin + size);
            ulong start = begin & mask;
            if (begin >> _textBits != next >> _textBits)
            {
                next = unchecked((next & ~mask) + size);
                start = 0;
            }

            WriteLong(_text + start, id);
            _kernel.Memory.Write(FakeKernel.ToPhysical(_text + start + 8), bytes);
            _position = next;
        }

        WriteLong(_descs + (index * DescSize), id | (state << 62));
        WriteLong(_descs + (index * DescSize) + 8, begin);
        WriteLong(_descs + (index * DescSize) + 16, next);
        ulong info = _infos + (index * InfoSize);
        WriteLong(info, Count);
        WriteLong(info + 8, timestamp);
        WriteLong(info + 16, (ulong)(uint)bytes.Length | ((ulong)(uint)facility << 16)
            | ((ulong)(uint)level << 29) | ((ulong)caller << 32));
        Count++;
        ulong kept = Math.Min(Count, 1UL << _countBits);
        WriteLong(_ring + 24, id | (2UL << 62));
        WriteLong(_ring + 32, unchecked(id - (kept - 1)) & ((1UL << 62) - 1));
    }

    private void WriteLong(ulong address, ulong value) =>
        _kernel.Memory.WriteLong(FakeKernel.ToPhysical(address), value);
}
