using Lifeboat.Capture.Modules;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>A ramdisk ready to be loaded with a kernel.</summary>
public sealed record RamdiskImage
{
    /// <summary>The compressed archive.</summary>
    public required ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>How it is compressed.</summary>
    public required RamdiskCompression Compression { get; init; }

    /// <summary>Bytes of the archive before compression: what it takes of memory when unpacked.</summary>
    public required ByteCount UnpackedSize { get; init; }

    /// <summary>What is in it, in the archive's order.</summary>
    public required IReadOnlyList<RamdiskEntry> Entries { get; init; }

    /// <summary>The modules in it, in load order.</summary>
    public required IReadOnlyList<KernelModule> Modules { get; init; }

    /// <summary>What is worth knowing and no error.</summary>
    public required IReadOnlyList<Diagnostic> Notices { get; init; }
}
