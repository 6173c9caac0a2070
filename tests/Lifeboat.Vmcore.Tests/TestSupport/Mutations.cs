using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Damages a file in seeded ways and sees that reading it ends, in a value or in a diagnostic.</summary>
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

    /// <summary>Opens and uses a damaged file; returns whether it could be opened.</summary>
    internal static bool Survives(string path)
    {
        var limits = new DumpLimits { MaxNoteBytes = 1 << 20, MaxPfn = 1 << 24 };
        try
        {
            using var dump = DumpSource.Open(path, limits);
            _ = dump.Vmcoreinfo.OsRelease;
            byte[] bytes = new byte[3 * 4096];
            foreach (PhysicalRange range in dump.RamRanges.Take(8))
            {
                _ = dump.Read(range.Start, bytes, out _);
                _ = dump.GetPageState(range.Start.Pfn);
                _ = dump.Read(new PhysicalAddress(range.End.Value - 1), bytes, out _);
            }

            var states = new PageState[64];
            dump.GetPageStates(new Pfn(0), states);
            dump.GetPageStates(new Pfn(ulong.MaxValue >> 12), states.AsSpan(0, 1));
            return true;
        }
        catch (DumpFormatException e)
        {
            Assert.NotEmpty(e.Diagnostics);
            return false;
        }
    }
}
