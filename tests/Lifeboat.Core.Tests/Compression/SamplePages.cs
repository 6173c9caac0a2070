using System.Runtime.InteropServices;

namespace Lifeboat.Core.Tests.Compression;

/// <summary>Blocks as memory holds them: zeros, pointers, text, code, noise, and mixtures; always the same.</summary>
internal static class SamplePages
{
    internal static IEnumerable<byte[]> All()
    {
        var random = new Random(7);
        foreach (int length in (int[])[0, 1, 2, 3, 4, 15, 20, 21, 63, 255, 256, 257, 300, 4095, 4096, 4097])
        {
            yield return new byte[length];
            yield return Noise(random, length);
            yield return Repeats(random, length);
        }

        for (int i = 0; i < 200; i++)
        {
            yield return Mixture(random, 4096);
        }

        foreach (int length in (int[])[49152, 49153, 65535, 65536, 65537, 200_000])
        {
            yield return new byte[length];
            yield return Mixture(random, length);
            yield return Repeats(random, length);
            yield return Noise(random, length);
        }

        // A library's code: what text and data of a kernel look like. Not the code of these tests, which each build makes anew.
        byte[] code = File.ReadAllBytes(typeof(FsCheck.Fluent.Prop).Assembly.Location);
        for (int i = 0; i + 4096 <= code.Length; i += 4096)
        {
            yield return code[i..(i + 4096)];
        }
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Repeats(Random random, int length)
    {
        byte[] bytes = new byte[length];
        int period = 1 + random.Next(40);
        for (int i = 0; i < length; i++)
        {
            bytes[i] = random.Next(200) == 0 ? (byte)random.Next(256) : (byte)((i % period) * 7);
        }

        return bytes;
    }

    private static byte[] Mixture(Random random, int length)
    {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length;)
        {
            int count = Math.Min(length - at, 1 + random.Next(600));
            Span<byte> part = bytes.AsSpan(at, count);
            switch (random.Next(5))
            {
                case 0:
                    random.NextBytes(part);
                    break;
                case 1:
                    part.Fill((byte)random.Next(256));
                    break;
                case 2 when at > 0:
                    int from = random.Next(at);
                    bytes.AsSpan(from, Math.Min(count, at - from)).CopyTo(part);
                    break;
                case 3:
                    foreach (ref ulong pointer in MemoryMarshal.Cast<byte, ulong>(part))
                    {
                        pointer = 0xffff_8880_0000_0000 | (ulong)random.Next(1 << 20) << 4;
                    }

                    break;
                default:
                    foreach (ref byte letter in part)
                    {
                        letter = (byte)"etaoin shrdlu\n"[Math.Min(random.Next(14), random.Next(14))];
                    }

                    break;
            }

            at += count;
        }

        return bytes;
    }
}
