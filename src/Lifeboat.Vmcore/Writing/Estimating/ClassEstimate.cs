using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing.Estimating;

/// <summary>The pages of one class: how many, and what a sample of them packs to.</summary>
public sealed class ClassEstimate
{
    private readonly PageClass _class;
    private ulong _sampled;
    private ulong _sampledZero;
    private ulong _sampledBytes;

    internal ClassEstimate(PageClass pageClass) => _class = pageClass;

    /// <summary>The class: <c>kernel</c>, <c>free</c>, <c>cache</c>, <c>private cache</c>, <c>user</c>,
    /// <c>hwpoison</c>, <c>offline</c>.</summary>
    public string Name => _class switch
    {
        PageClass.Kernel => "kernel",
        PageClass.Free => "free",
        PageClass.Cache => "cache",
        PageClass.PrivateCache => "private cache",
        PageClass.User => "user",
        PageClass.HardwarePoison => "hwpoison",
        _ => "offline",
    };

    /// <summary>Pages of 4 KiB.</summary>
    public ulong Pages { get; internal set; }

    /// <summary>Pages that were read and packed.</summary>
    public ulong Sampled => _sampled;

    /// <summary>How many of them hold only zeros, of 1.</summary>
    public double ZeroShare => _sampled == 0 ? 0 : (double)_sampledZero / _sampled;

    /// <summary>The mean size of a packed page that holds more than zeros.</summary>
    public ByteCount PackedPage =>
        new(_sampled == _sampledZero ? 0 : (_sampledBytes + ((_sampled - _sampledZero) / 2)) / (_sampled - _sampledZero));

    /// <summary>Whether a dump level leaves these pages out.</summary>
    public bool IsLeftOutAt(DumpLevel level) => _class switch
    {
        PageClass.Kernel => false,
        PageClass.Free => level.HasFlag(DumpLevel.Free),
        PageClass.Cache => (level & (DumpLevel.Cache | DumpLevel.PrivateCache)) != DumpLevel.None,
        PageClass.PrivateCache => level.HasFlag(DumpLevel.PrivateCache),
        PageClass.User => level.HasFlag(DumpLevel.User),
        _ => (level & ~DumpLevel.Zero) != DumpLevel.None,
    };

    internal PageClass Class => _class;

    internal void Sample(int packedLength)
    {
        _sampled++;
        if (packedLength == 0)
        {
            _sampledZero++;
        }
        else
        {
            _sampledBytes += (ulong)packedLength;
        }
    }

    /// <summary>What the class adds to a file that has it.</summary>
    /// <param name="level">Tells whether a page of zeros is one that all share.</param>
    /// <param name="isElf">Whether pages are stored as they are, without descriptors, zeros as holes.</param>
    internal double BytesWhenKept(DumpLevel level, bool isElf)
    {
        // A page of zeros packs to some 20 bytes with every codec, or is a page where nothing is packed.
        const double PackedZeros = 20;
        if (isElf)
        {
            return (double)Pages * Pfn.PageSize;
        }

        double mean = _sampled == _sampledZero ? 0 : (double)_sampledBytes / (_sampled - _sampledZero);
        double zeros = level.HasFlag(DumpLevel.Zero) ? 0 : Math.Min(PackedZeros, mean);
        return Pages * (PageDescriptor.Size + (ZeroShare * zeros) + ((1 - ZeroShare) * mean));
    }
}
