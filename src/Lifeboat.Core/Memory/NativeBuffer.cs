using System.Runtime.InteropServices;

namespace Lifeboat.Core.Memory;

/// <summary>A block of bytes outside the managed heap, for large buffers that live long.</summary>
/// <remarks>
/// <para><b>Ownership.</b> The creator disposes it; no span of it may be used afterwards.</para>
/// <para><b>Thread safety.</b> As an array: several threads may use parts that do not overlap.</para>
/// </remarks>
public sealed unsafe class NativeBuffer : IDisposable
{
    private byte* _address;

    /// <summary>A buffer of <paramref name="length"/> bytes, their content unspecified.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public NativeBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;

        // Safety: freed once, in Dispose; every access goes through a span of exactly this length.
        _address = (byte*)NativeMemory.AlignedAlloc((nuint)length, 4096);
    }

    /// <summary>Bytes in the buffer.</summary>
    public int Length { get; }

    /// <summary>The buffer.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_address is null, this);
            return new Span<byte>(_address, Length);
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_address);
        _address = null;
    }
}
