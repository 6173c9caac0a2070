using System.Buffers.Binary;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Damages a file where it lies, in a way that a seed tells, and mends it again.</summary>
internal sealed class Damage(HostileSample sample)
{
    private static readonly ulong[] Extremes =
    [
        0, 1, 2, 0x7f, 0x80, 0xff, 0xfff, 0x1000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
        1UL << 40, 1UL << 52, 0x7fff_ffff_ffff_ffff, 1UL << 63, ulong.MaxValue - 4095, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    private readonly byte[] _file = sample.File;
    private readonly Stack<(int Place, byte Before)> _changes = new();

    /// <summary>Bytes that are left of the file.</summary>
    internal int Length { get; private set; } = sample.File.Length;

    internal void Apply(int seed)
    {
        var random = new Random(seed);
        for (int left = 1 + random.Next(4); left > 0; left--)
        {
            int place = FindPlace(random);
            switch (random.Next(8))
            {
                case 0:
                    Set(place, (byte)(_file[place] ^ (1 << random.Next(8))));
                    break;
                case 1:
                    Set(place, (byte)random.Next(256));
                    break;
                case 2:
                    SetNumber(place, random, (ulong)(_file.Length - 1 + random.Next(3)));
                    break;
                case 3:
                    ulong near = place + 8 <= _file.Length ? BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan(place)) : 0;
                    SetNumber(place, random, near + (ulong)random.Next(5) - 2);
                    break;
                case 4:
                    // What stands in another field is plausible, and wrong here.
                    int other = FindPlace(random) & ~7;
                    for (int i = 0; i < 8 && other + i < _file.Length && (place | 7) < _file.Length; i++)
                    {
                        Set((place & ~7) + i, _file[other + i]);
                    }

                    break;
                case 5 when random.Next(4) == 0:
                    Length = random.Next(_file.Length);
                    break;
                default:
                    SetNumber(place, random, Extremes[random.Next(Extremes.Length)]);
                    break;
            }
        }
    }

    internal void Mend()
    {
        while (_changes.TryPop(out (int Place, byte Before) change))
        {
            _file[change.Place] = change.Before;
        }

        Length = _file.Length;
    }

    private int FindPlace(Random random)
    {
        if (random.Next(8) == 0)
        {
            return random.Next(_file.Length);
        }

        (int offset, int length) = sample.Steering[random.Next(sample.Steering.Count)].GetOffsetAndLength(_file.Length);
        return Math.Min(offset + random.Next(length), _file.Length - 1);
    }

    private void SetNumber(int place, Random random, ulong value)
    {
        int width = 1 << random.Next(4);
        bool isBigEndian = random.Next(4) == 0;
        place &= ~(width - 1);
        for (int i = 0; i < width && place + i < _file.Length; i++)
        {
            Set(place + i, (byte)(value >> (8 * (isBigEndian ? width - 1 - i : i))));
        }
    }

    private void Set(int place, byte value)
    {
        _changes.Push((place, _file[place]));
        _file[place] = value;
    }
}
