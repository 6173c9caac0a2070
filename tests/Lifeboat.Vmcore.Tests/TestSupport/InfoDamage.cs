using System.Globalization;
using System.Text;

namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>Damages VMCOREINFO as the text that it is: lines with other values, without one, twice, or with noise.</summary>
internal static class InfoDamage
{
    private static readonly string[] Values =
    [
        "", "0", "1", "-1", "2", "7", "8", "64", "255", "4095", "4096", "65536", "1048576", "2147483647", "-2147483648",
        "4294967295", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "99999999999999999999",
        "ffffffffffffffff", "ffffea0000000000", "ffffffff81000000", "ffff888000000000", "8000000000000000", "0x", "0xzz",
        " 5 ", "\u00e9", "=", "1=2",
    ];

    internal static string Apply(string[] original, int seed)
    {
        var random = new Random(seed);
        var lines = new List<string>(original);
        for (int left = 1 + random.Next(3); left > 0 && lines.Count > 0; left--)
        {
            int index = random.Next(lines.Count);
            string line = lines[index];
            int value = line.IndexOf('=', StringComparison.Ordinal) + 1;
            switch (random.Next(9))
            {
                case 0:
                    lines.RemoveAt(index);
                    break;
                case 1:
                    lines.Add(line[..value] + Values[random.Next(Values.Length)]);
                    break;
                case 2:
                    // Another line's value.
                    string other = lines[random.Next(lines.Count)];
                    lines[index] = line[..value] + other[(other.IndexOf('=', StringComparison.Ordinal) + 1)..];
                    break;
                case 3 when line.Length > 0:
                    var noise = new StringBuilder(line);
                    noise[random.Next(line.Length)] = (char)random.Next(1, 128);
                    lines[index] = noise.ToString();
                    break;
                case 4 when long.TryParse(line.AsSpan(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number):
                    long near = unchecked(random.Next(3) switch { 0 => number + 1, 1 => number - 1, _ => number * 2 });
                    lines[index] = line[..value] + near.ToString(CultureInfo.InvariantCulture);
                    break;
                case 5 when ulong.TryParse(line.AsSpan(value), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address):
                    ulong moved = unchecked(address + (1UL << random.Next(64)));
                    lines[index] = line[..value] + moved.ToString("x", CultureInfo.InvariantCulture);
                    break;
                default:
                    lines[index] = line[..value] + Values[random.Next(Values.Length)];
                    break;
            }
        }

        return string.Join('\n', lines) + (random.Next(10) == 0 ? "" : "\n");
    }
}
