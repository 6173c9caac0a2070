namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Damaged copies of bytes, as a seed tells.</summary>
internal static class Mutations
{
    private static readonly ulong[] Extremes =
        [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff,
            0x7fff_ffff_ffff_ffff, ulong.MaxValue, ulong.MaxValue - 4095];

    internal static byte[] Mutate(byte[] original, int seed, int headBytes)
    {
        var random = new Random(seed);
        byte[] file = (byte[])original.Clone();
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes; i++)
        {
            // Mostly the headers; they are what steers.
            int limit = random.Next(4) == 0 ? file.Length : Math.Min(headBytes, file.Length);
            int place = random.Next(limit);
            switch (random.Next(4))
            {
                case 0:
                    file[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[place] = (byte)random.Next(256);
                    break;
                case 2:
                    ulong value = Extremes[random.Next(Extremes.Length)];
                    int width = 1 << random.Next(4);
                    place &= ~(width - 1);
                    for (int b = 0; b < width && place + b < file.Length; b++)
                    {
                        file[place + b] = (byte)(value >> (8 * b));
                    }

                    break;
                default:
                    if (i == 0 && random.Next(4) == 0)
                    {
                        file = file[..random.Next(file.Length)];
                        return file;
                    }

                    file[place] = 0xff;
                    break;
            }
        }

        return file;
    }
}
