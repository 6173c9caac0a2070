namespace Lifeboat.Symbols.Tests.TestSupport;

/// <summary>Damages bytes in seeded ways: bits, bytes, and numbers at their extremes.</summary>
internal static class Damage
{
    private static readonly ulong[] Extremes =
        [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, ulong.MaxValue, 0x1000_0000];

    internal static byte[] Bytes(byte[] original, int seed, int from)
    {
        var random = new Random(seed);
        byte[] copy = (byte[])original.Clone();
        int changes = 1 + random.Next(6);
        for (int i = 0; i < changes; i++)
        {
            int place = random.Next(from, copy.Length);
            switch (random.Next(4))
            {
                case 0:
                    copy[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    copy[place] = (byte)random.Next(256);
                    break;
                case 2:
                    int width = 1 << random.Next(4);
                    place &= ~(width - 1);
                    ulong value = Extremes[random.Next(Extremes.Length)];
                    for (int b = 0; b < width && place + b < copy.Length; b++)
                    {
                        copy[place + b] = (byte)(value >> (8 * b));
                    }

                    break;
                default:
                    copy.AsSpan(place, Math.Min(random.Next(1, 64), copy.Length - place)).Fill((byte)random.Next(256));
                    break;
            }
        }

        return copy;
    }
}
