using System.Runtime.InteropServices;

namespace Lifeboat.Core.Tests.Compression.Oracles;

/// <summary>Debian's liblzo2-2, where it is installed.</summary>
internal static partial class LibLzo
{
    private const string Library = "liblzo2.so.2";
    private const int WorkBytes = 1 << 18;

    internal static bool IsHere { get; } = NativeLibrary.TryLoad(Library, out _);

    internal static byte[] Compress(ReadOnlySpan<byte> source)
    {
        byte[] target = new byte[source.Length + (source.Length / 16) + 67];
        nuint length = (nuint)target.Length;
        byte[] work = new byte[WorkBytes];
        Assert.Equal(0, Compress(in Ref(source), (nuint)source.Length, ref target[0], ref length, ref work[0]));
        return target[..(int)length];
    }

    /// <summary>What is decompressed, or null when the library refuses.</summary>
    internal static byte[]? Decompress(ReadOnlySpan<byte> source, int targetLength)
    {
        byte[] target = new byte[targetLength + 1];
        nuint length = (nuint)targetLength;
        int result = DecompressSafe(in Ref(source), (nuint)source.Length, ref target[0], ref length, 0);
        return result == 0 ? target[..(int)length] : null;
    }

    private static ref readonly byte Ref(ReadOnlySpan<byte> bytes) =>
        ref MemoryMarshal.GetReference(bytes.IsEmpty ? new byte[1] : bytes);

    [LibraryImport(Library, EntryPoint = "lzo1x_1_compress")]
    private static partial int Compress(
        in byte source, nuint sourceLength, ref byte target, ref nuint targetLength, ref byte work);

    [LibraryImport(Library, EntryPoint = "lzo1x_decompress_safe")]
    private static partial int DecompressSafe(
        in byte source, nuint sourceLength, ref byte target, ref nuint targetLength, nint work);
}
