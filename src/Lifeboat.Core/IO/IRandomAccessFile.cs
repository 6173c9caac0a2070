using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Core.IO;

/// <summary>Bytes that can be read at any place: a file, or what a file stands for.</summary>
/// <remarks><para><b>Thread safety.</b> One thread at a time.</para></remarks>
public interface IRandomAccessFile : IDisposable
{
    /// <summary>The file.</summary>
    string Path { get; }

    /// <summary>The length when it was opened; null when the kernel does not tell (some files under /proc).</summary>
    ByteCount? Length { get; }

    /// <summary>
    /// Whether <see cref="Read"/> of whole pages costs less than looking at them by <see cref="View"/>.
    /// </summary>
    bool ReadsFaster => false;

    /// <summary>Reads from <paramref name="offset"/> on.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <param name="error"><see cref="Errno.None"/>, also at the end; otherwise why reading stopped.</param>
    /// <returns>The bytes read; fewer than asked for at the end or at an error.</returns>
    int Read(FileOffset offset, Span<byte> destination, out Errno error);

    /// <summary>Bytes where they lie in memory, without a copy.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">The most bytes that are wanted.</param>
    /// <returns>The first of them, as many as lie together; none where they have to be read. Valid until the next
    /// call.</returns>
    ReadOnlySpan<byte> View(FileOffset offset, int length) => default;

    /// <summary>
    /// The same file for another thread, to be disposed before this one; null when only one thread can read it.
    /// </summary>
    /// <param name="isScattered">Whether reads will jump about, so that reading ahead of them is in vain.</param>
    IRandomAccessFile? TryShare(bool isScattered = false) => null;
}
