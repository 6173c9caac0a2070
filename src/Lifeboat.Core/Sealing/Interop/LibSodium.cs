using System.Runtime.InteropServices;

namespace Lifeboat.Core.Sealing.Interop;

/// <summary>The few functions of libsodium that are used; linked statically into the program.</summary>
internal static partial class LibSodium
{
    private const string Library = "libsodium";

    /// <summary>Chooses the code for this processor; 0, or 1 when that was done before, -1 on failure.</summary>
    [LibraryImport(Library, EntryPoint = "sodium_init")]
    internal static partial int Initialize();

    /// <summary>Memory that is kept out of swap and core dumps, between pages that may not be touched.</summary>
    [LibraryImport(Library, EntryPoint = "sodium_malloc")]
    internal static partial nint Allocate(nuint size);

    /// <summary>Overwrites the memory and gives it back.</summary>
    [LibraryImport(Library, EntryPoint = "sodium_free")]
    internal static partial void Free(nint memory);

    [LibraryImport(Library, EntryPoint = "sodium_memzero")]
    internal static unsafe partial void Clear(byte* memory, nuint length);

    [LibraryImport(Library, EntryPoint = "sodium_memcmp")]
    internal static unsafe partial int Compare(byte* left, byte* right, nuint length);

    [LibraryImport(Library, EntryPoint = "randombytes_buf")]
    internal static unsafe partial void FillRandom(byte* target, nuint length);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_curve25519")]
    internal static unsafe partial int Multiply(byte* result, byte* scalar, byte* point);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_curve25519_base")]
    internal static unsafe partial int MultiplyBase(byte* result, byte* scalar);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_encrypt")]
    internal static unsafe partial int Encrypt(
        byte* sealedBytes,
        ulong* sealedLength,
        byte* plain,
        ulong plainLength,
        byte* additional,
        ulong additionalLength,
        byte* secretNonce,
        byte* nonce,
        byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_decrypt")]
    internal static unsafe partial int Decrypt(
        byte* plain,
        ulong* plainLength,
        byte* secretNonce,
        byte* sealedBytes,
        ulong sealedLength,
        byte* additional,
        ulong additionalLength,
        byte* nonce,
        byte* key);
}
