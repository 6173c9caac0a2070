namespace Lifeboat.Capture.Tests;

/// <summary>Damaged copies of an input, the same ones every time.</summary>
internal static class Mutations
{
    public static IEnumerable<byte[]> Of(byte[] original, int count, int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < count; round++)
        {
            byte[] copy = [.. original];
            int changes = random.Next(1, 8);
            for (int change = 0; change < changes && copy.Length > 0; change++)
            {
                int at = random.Next(copy.Length);
                switch (random.Next(5))
                {
                    case 0:
                        copy[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        copy[at] = (byte)random.Next(256);
                        break;
                    case 2:
                        copy.AsSpan(at, Math.Min(8, copy.Length - at)).Fill(0xFF);
                        break;
                    case 3:
                        copy = copy[..at];
                        break;
                    default:
                        copy = [.. copy[..at], .. copy[(at / 2)..]];
                        break;
                }
            }

            yield return copy;
        }
    }
}
