using System.Globalization;

namespace Lifeboat.Core.Memory;

/// <summary>A number of bytes.</summary>
public readonly record struct ByteCount(ulong Value) : IComparable<ByteCount>
{
    /// <summary>No bytes.</summary>
    public static ByteCount Zero => default;

    /// <summary>A page of 4 KiB.</summary>
    public static ByteCount Page => new(Pfn.PageSize);

    /// <summary>The count in whole MiB, rounded up: what a reservation would have to be.</summary>
    public ulong MiBRoundedUp => (Value + 0xFFFFF) >> 20;

    /// <summary><paramref name="count"/> times 1024 bytes.</summary>
    public static ByteCount FromKiB(ulong count) => new(checked(count << 10));

    /// <summary><paramref name="count"/> times 1024 * 1024 bytes.</summary>
    public static ByteCount FromMiB(ulong count) => new(checked(count << 20));

    /// <summary>The sum.</summary>
    /// <exception cref="OverflowException">It does not fit 64 bits.</exception>
    public static ByteCount operator +(ByteCount left, ByteCount right) => new(checked(left.Value + right.Value));

    /// <summary>The difference.</summary>
    /// <exception cref="OverflowException">It is negative.</exception>
    public static ByteCount operator -(ByteCount left, ByteCount right) => new(checked(left.Value - right.Value));

    /// <summary>Whether the left count is the smaller one.</summary>
    public static bool operator <(ByteCount left, ByteCount right) => left.Value < right.Value;

    /// <summary>Whether the left count is the greater one.</summary>
    public static bool operator >(ByteCount left, ByteCount right) => left.Value > right.Value;

    /// <summary>Whether the left count is at most the right one.</summary>
    public static bool operator <=(ByteCount left, ByteCount right) => left.Value <= right.Value;

    /// <summary>Whether the left count is at least the right one.</summary>
    public static bool operator >=(ByteCount left, ByteCount right) => left.Value >= right.Value;

    /// <summary>The nearest multiple of <paramref name="alignment"/> (a power of two) at or above.</summary>
    public ByteCount AlignUp(ByteCount alignment) =>
        new(checked(Value + (alignment.Value - 1)) & ~(alignment.Value - 1));

    /// <summary>
    /// Reads a size as the kernel's command line writes it: decimal or <c>0x</c> hex digits with an optional
    /// suffix K, M, G, T, P or E of either case.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ByteCount count)
    {
        count = default;
        bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        ReadOnlySpan<char> digits = hex ? text[2..] : text;
        int shift = 0;
        if (!digits.IsEmpty && !(hex ? char.IsAsciiHexDigit(digits[^1]) : char.IsAsciiDigit(digits[^1])))
        {
            int suffix = "KMGTPE".IndexOf(char.ToUpperInvariant(digits[^1]), StringComparison.Ordinal);
            if (suffix < 0)
            {
                return false;
            }

            shift = (suffix + 1) * 10;
            digits = digits[..^1];
        }

        NumberStyles style = hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong value)
            || value > ulong.MaxValue >> shift)
        {
            return false;
        }

        count = new(value << shift);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ByteCount other) => Value.CompareTo(other.Value);

    /// <summary>The count for a person: <c>512 B</c>, <c>64 KiB</c>, <c>12.5 MiB</c>.</summary>
    public override string ToString()
    {
        ReadOnlySpan<string> units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        double scaled = Value;
        int unit = 0;
        while (scaled >= 1024 && unit < units.Length - 1)
        {
            scaled /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{scaled:0.#} {units[unit]}");
    }
}
