namespace Lifeboat.Core.Tests.Compression.Zstd;

/// <summary>Sources of random entropy: alphabets of any size and skew, repeats near and far, in random turns.</summary>
internal static class RandomSources
{
    internal static byte[] Next(Random random, int length)
    {
        byte[] bytes = new byte[length];
        int longest = 1 << random.Next(1, 13);
        for (int at = 0; at < length;)
        {
            int count = Math.Min(length - at, 1 + random.Next(longest));
            Span<byte> part = bytes.AsSpan(at, count);
            int kinds = 1 + random.Next(1 << random.Next(9));
            int first = random.Next(257 - Math.Min(kinds, 256));
            switch (random.Next(4))
            {
                case 0 when at > 0:
                    int back = 1 + random.Next(random.Next(2) == 0 ? Math.Min(at, 16) : at);
                    for (int i = 0; i < count; i++)
                    {
                        bytes[at + i] = bytes[at + i - back];
                    }

                    break;
                case 1:
                    foreach (ref byte one in part)
                    {
                        one = (byte)(first + (int)(kinds * Math.Pow(random.NextDouble(), 6)));
                    }

                    break;
                case 2:
                    int period = 1 + random.Next(64);
                    for (int i = 0; i < count; i++)
                    {
                        part[i] = i < period || random.Next(9) == 0 ? (byte)(first + random.Next(kinds)) : part[i - period];
                    }

                    break;
                default:
                    foreach (ref byte one in part)
                    {
                        one = (byte)(first + random.Next(kinds));
                    }

                    break;
            }

            at += count;
        }

        return bytes;
    }
}
