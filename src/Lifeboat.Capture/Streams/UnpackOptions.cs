using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Streams;

/// <summary>How the files of a crash stream are laid down, and how much of them.</summary>
public sealed class UnpackOptions
{
    /// <summary>Whether a flattened dump becomes the file that it stands for, on the way.</summary>
    public bool Rearrange { get; init; } = true;

    /// <summary>The most bytes that the stream may have.</summary>
    public ByteCount MaxBytes { get; init; } = new(1UL << 44);

    /// <summary>The room that must remain on the filesystem; log and report do not count.</summary>
    public ByteCount KeepFree { get; init; } = ByteCount.Zero;
}
