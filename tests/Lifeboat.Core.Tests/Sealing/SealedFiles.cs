using Lifeboat.Core.Sealing;

namespace Lifeboat.Core.Tests.Sealing;

/// <summary>Sealed files that tests make.</summary>
internal static class SealedFiles
{
    internal const int Chunk = 64 << 10;
    internal const int SealedChunk = Chunk + 16;

    /// <summary>Lengths at which chunks end, begin, or have one byte.</summary>
    internal static IReadOnlyList<int> Lengths { get; } =
        [0, 1, 15, 16, 17, Chunk - 1, Chunk, Chunk + 1, (2 * Chunk) - 1, 2 * Chunk, (2 * Chunk) + 1, (5 * Chunk) + 12345];

    internal static byte[] Noise(int length)
    {
        byte[] data = new byte[length];
        new Random(length).NextBytes(data);
        return data;
    }

    internal static byte[] Seal(byte[] data, params AgeRecipient[] recipients)
    {
        var target = new MemoryStream();
        using var stream = new SealingStream(target, recipients);
        stream.Write(data);
        stream.Finish();
        return target.ToArray();
    }

    internal static byte[] Open(byte[] file, params AgeIdentity[] identities)
    {
        using var stream = new OpeningStream(new MemoryStream(file), identities, "file.age");
        var target = new MemoryStream();
        stream.CopyTo(target);
        return target.ToArray();
    }

    /// <summary>The bytes before the first chunk.</summary>
    internal static int StartOf(byte[] file)
    {
        int mark = file.AsSpan().IndexOf("\n--- "u8) + 1;
        return mark + file.AsSpan(mark).IndexOf((byte)'\n') + 1 + 16;
    }
}
