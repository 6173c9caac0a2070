using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Block;

/// <summary>A request that a disk's driver had and had not answered (<c>struct request</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class BlockRequest
{
    private const ulong OperationBits = 0xff; // REQ_OP_MASK
    private static readonly string[] Operations = ["READ", "WRITE", "FLUSH", "DISCARD"];

    internal BlockRequest(KernelObject request) => Object = request;

    /// <summary>The <c>struct request</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>What was asked for: <c>READ</c>, <c>WRITE</c>, <c>FLUSH</c>, <c>DISCARD</c>, or another by its number.</summary>
    public string? Operation => Object.Number("cmd_flags") is not { } flags ? null
        : (flags & OperationBits) is var operation && operation < (ulong)Operations.Length ? Operations[operation] : $"OP {operation}";

    /// <summary>Whether it takes data to the disk.</summary>
    public bool? IsWrite => Object.Number("cmd_flags") is { } flags ? (flags & 1) != 0 : null;

    /// <summary>The first sector, of 512 bytes.</summary>
    public ulong? Sector => Object.Number("__sector");

    /// <summary>How much of it is left to do.</summary>
    public ByteCount? Length => Object.Number("__data_len") is { } length ? new ByteCount(length) : null;

    /// <summary>When it was given to the driver, on the clock that counts from the kernel's start; zero when it was not noted.</summary>
    public TimeSpan? Started => Object.Number("io_start_time_ns") is { } time and <= long.MaxValue
        ? TimeSpan.FromTicks((long)time / TimeSpan.NanosecondsPerTick) : null;
}
