using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Erasing;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Pages;

namespace Lifeboat.Vmcore.Writing;

/// <summary>How to write a dump.</summary>
public sealed record DumpWriteOptions
{
    private const int MaxThreads = 64;
    private const int MaxCompressionLevel = 19;
    private static readonly ByteCount MaxAhead = ByteCount.FromMiB(1024);

    /// <summary>Which pages to leave out.</summary>
    public DumpLevel Level { get; init; } = DumpLevel.All;

    /// <summary>How pages are packed; a page that does not get smaller is stored as it is.</summary>
    public DumpCompression Compression { get; init; } = DumpCompression.Zstd;

    /// <summary>
    /// zstd's level, 1 (fastest) to 19 (smallest), which the other codecs do not have; 0 stores pages as they are.
    /// </summary>
    public int CompressionLevel { get; init; } = 1;

    /// <summary>Threads that compress; with 1 everything is done on the caller's thread.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// How much memory may hold pages that are packed and wait to be written, for a target that is now slower than packing, now
    /// faster, up to 1 GiB; with one thread none do.
    /// </summary>
    public ByteCount Ahead { get; init; }

    /// <summary>
    /// The most bytes that a file or stream, of a split dump each file, may have; beyond them the disk counts as full
    /// (EFBIG). Null for no limit.
    /// </summary>
    public ByteCount? MaxSize { get; init; }

    /// <summary>
    /// How much is written before it is made durable, while the writing goes on: what a power cut then leaves of a file is
    /// there up to that. Null to do so at the end only. A stream is not made durable here.
    /// </summary>
    public ByteCount? SyncEvery { get; init; }

    /// <summary>
    /// The levels to begin anew with, in this order, when the disk is full or <see cref="MaxSize"/> is reached; with none
    /// left, what was written stays, and says that it is incomplete. A stream cannot be begun anew: it begins at the first level
    /// whose size, estimated from samples, is below <see cref="MaxSize"/>.
    /// </summary>
    public IReadOnlyList<DumpLevel> RaiseTo { get; init; } = [];

    /// <summary>
    /// Opens the layouts of the dumped kernel's types (null when the dump has none), called only when VMCOREINFO
    /// lacks a key that a class of pages needs, once for each time that pages are decided; with no
    /// such function the class is kept.
    /// </summary>
    public Func<DumpSource, IKernelLayouts?>? Layouts { get; init; }

    /// <summary>Overwrites what the dump is not to have; null for nothing.</summary>
    public DumpEraser? Eraser { get; init; }

    /// <summary>The flag that the file's header and its packed pages carry.</summary>
    internal DumpStatus Codec => CompressionLevel == 0 ? DumpStatus.None : Compression switch
    {
        DumpCompression.Zstd => DumpStatus.Zstd,
        DumpCompression.Zlib => DumpStatus.Zlib,
        DumpCompression.Lzo => DumpStatus.Lzo,
        DumpCompression.Snappy => DumpStatus.Snappy,
        _ => DumpStatus.None,
    };

    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    internal static void Check(DumpWriteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, MaxThreads, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Ahead, MaxAhead, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CompressionLevel, 0, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.CompressionLevel, MaxCompressionLevel, nameof(options));
    }
}
