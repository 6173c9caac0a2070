using System.Runtime.InteropServices;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Sealing.Interop;

/// <summary>
/// A key or what a key is made of: outside the managed heap, so that no copies of it are left behind, locked in memory
/// where the kernel allows it, and overwritten when it is disposed.
/// </summary>
internal sealed class SecretBytes : SafeHandle
{
    private readonly int _length;

    /// <exception cref="KernelInterfaceException">There is no memory.</exception>
    internal SecretBytes(int length)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        Sodium.Prepare();
        _length = length;
        SetHandle(LibSodium.Allocate((nuint)length));
        if (IsInvalid)
        {
            throw new KernelInterfaceException("sodium_malloc", null, Errno.ENOMEM);
        }
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The bytes, of unspecified content until they are written.</summary>
    /// <exception cref="ObjectDisposedException">They were overwritten.</exception>
    internal unsafe Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);

            // Safety: the memory is freed in ReleaseHandle only, which IsClosed tells; the length is that of the allocation.
            return new Span<byte>((void*)handle, _length);
        }
    }

    /// <summary>New bytes that nobody can guess.</summary>
    internal static SecretBytes Random(int length)
    {
        var bytes = new SecretBytes(length);
        Sodium.FillRandom(bytes.Span);
        return bytes;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibSodium.Free(handle);
        return true;
    }
}
