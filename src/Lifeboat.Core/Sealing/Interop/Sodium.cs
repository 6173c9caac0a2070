using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Sealing.Interop;

/// <summary>X25519, ChaCha20-Poly1305 (RFC 8439), randomness and the handling of secrets, over spans.</summary>
internal static class Sodium
{
    /// <summary>Bytes of a key, a scalar and a point.</summary>
    internal const int KeySize = 32;

    /// <summary>Bytes of a nonce of ChaCha20-Poly1305.</summary>
    internal const int NonceSize = 12;

    /// <summary>Bytes that sealing adds.</summary>
    internal const int TagSize = 16;

    /// <summary>To be called before anything else here; every <see cref="SecretBytes"/> does.</summary>
    internal static void Prepare()
    {
        if (LibSodium.Initialize() < 0)
        {
            throw new KernelInterfaceException("sodium_init", null, Errno.EAGAIN);
        }
    }

    internal static unsafe void FillRandom(Span<byte> target)
    {
        // Safety: pinned for the call, with its length.
        fixed (byte* to = target)
        {
            LibSodium.FillRandom(to, (nuint)target.Length);
        }
    }

    /// <summary>Overwrites bytes; never left out by a compiler that sees no later use.</summary>
    internal static unsafe void Clear(Span<byte> secret)
    {
        // Safety: pinned for the call, with its length.
        fixed (byte* memory = secret)
        {
            LibSodium.Clear(memory, (nuint)secret.Length);
        }
    }

    /// <summary>Compares in a time that does not depend on where they differ.</summary>
    internal static unsafe bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        // Safety: both are pinned for the call and have the length that goes with them.
        fixed (byte* first = left, second = right)
        {
            return LibSodium.Compare(first, second, (nuint)left.Length) == 0;
        }
    }

    /// <summary>X25519 of a secret and the base point: the public key.</summary>
    internal static unsafe void MultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> result)
    {
        RequireSize(scalar, result, result);

        // Safety: all are pinned for the call; their sizes were checked.
        fixed (byte* from = scalar, to = result)
        {
            _ = LibSodium.MultiplyBase(to, from);
        }
    }

    /// <summary>X25519 (RFC 7748); false when the result would be zero, which points of low order bring about.</summary>
    internal static unsafe bool TryMultiply(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, Span<byte> result)
    {
        RequireSize(scalar, point, result);

        // Safety: all are pinned for the call; their sizes were checked.
        fixed (byte* by = scalar, from = point, to = result)
        {
            return LibSodium.Multiply(to, by, from) == 0;
        }
    }

    /// <summary>Seals <paramref name="plain"/>; <paramref name="target"/> has <see cref="TagSize"/> bytes more.</summary>
    internal static unsafe void Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plain, Span<byte> target)
    {
        RequireSize(key, nonce, target, plain.Length);

        // Safety: all are pinned for the call; the target has room for plain and tag, as was checked.
        fixed (byte* with = key, once = nonce, from = plain, to = target)
        {
            ulong length;
            _ = LibSodium.Encrypt(to, &length, from, (ulong)plain.Length, null, 0, null, once, with);
        }
    }

    /// <summary>Opens <paramref name="cipher"/>; false when it, key or nonce is not what was sealed.</summary>
    internal static unsafe bool TryDecrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, Span<byte> target)
    {
        if (cipher.Length < TagSize)
        {
            return false;
        }

        RequireSize(key, nonce, cipher, target.Length);

        // Safety: all are pinned for the call; the target has room for what the tag leaves, as was checked.
        fixed (byte* with = key, once = nonce, from = cipher, to = target)
        {
            ulong length;
            return LibSodium.Decrypt(to, &length, null, from, (ulong)cipher.Length, null, 0, once, with) == 0;
        }
    }

    private static void RequireSize(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> point, ReadOnlySpan<byte> result)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scalar.Length, KeySize, nameof(scalar));
        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length, KeySize, nameof(point));
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, KeySize, nameof(result));
    }

    private static void RequireSize(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cipher, int plainLength)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeySize, nameof(key));
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize, nameof(nonce));
        ArgumentOutOfRangeException.ThrowIfNotEqual(cipher.Length, plainLength + TagSize, nameof(cipher));
    }
}
