using System.Runtime.InteropServices;

namespace Lifeboat.Core.Tests.Compression.Oracles;

/// <summary>Debian's libsnappy1v5, where it is installed.</summary>
internal static partial class LibSnappy
{
    private const string Library = "libsnappy.so.1";

    internal static bool IsHere { get; } = NativeLibrary.TryLoad(Library, out _);

    internal static byte[] Compress(ReadOnlySpan<byte> source)
    {
        byte[] target = new byte[32 + source.Length + (source.Length / 6)];
        nuint length = (nuint)target.Length;
        Assert.Equal(0, Compress(in Ref(source), (nuint)source.Length, ref target[0], ref length));
        return target[..(int)length];
    }

    /// <summary>What is decompressed, or null when the library refuses.</summary>
    internal static byte[]? Decompress(ReadOnlySpan<byte> source, int targetLength)
    {
        byte[] target = new byte[targetLength + 1];
        nuint length = (nuint)targetLength;
        return Uncompress(in Ref(source), (nuint)source.Length, ref target[0], ref length) == 0
            ? target[..(int)length] : null;
    }

    private static ref readonly byte Ref(ReadOnlySpan<byte> bytes) =>
        ref MemoryMarshal.GetReference(bytes.IsEmpty ? new byte[1] : bytes);

    [LibraryImport(Library, EntryPoint = "snappy_compress")]
    private static partial int Compress(in byte source, nuint sourceLength, ref byte target, ref nuint targetLength);

    [LibraryImport(Library, EntryPoint = "snappy_uncompress")]
    private static partial int Uncompress(in byte source, nuint sourceLength, ref byte target, ref nuint targetLength);
}
