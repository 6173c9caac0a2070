using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Lifeboat.Capture.Network;

/// <summary>The hardware address of an Ethernet card.</summary>
public sealed class MacAddress : IEquatable<MacAddress>
{
    /// <summary>Its bytes.</summary>
    public const int Size = 6;

    private readonly byte[] _bytes;

    /// <summary>The address of 6 bytes.</summary>
    /// <exception cref="ArgumentException">They are not 6.</exception>
    public MacAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"an Ethernet address has {Size} bytes, not {bytes.Length}", nameof(bytes));
        }

        _bytes = bytes.ToArray();
    }

    /// <summary>The bytes, as they go over the wire.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads <c>52:54:00:12:34:56</c>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out MacAddress? address)
    {
        address = null;
        if (text.Length != (3 * Size) - 1)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Size];
        for (int i = 0; i < Size; i++)
        {
            if (!byte.TryParse(text.Slice(3 * i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i])
                || (i > 0 && text[(3 * i) - 1] != ':'))
            {
                return false;
            }
        }

        address = new MacAddress(bytes);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(MacAddress? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MacAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => (_bytes[3] << 16) | (_bytes[4] << 8) | _bytes[5];

    /// <summary>The address as <see cref="TryParse"/> reads it, with small letters.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{_bytes[0]:x2}:{_bytes[1]:x2}:{_bytes[2]:x2}:{_bytes[3]:x2}:{_bytes[4]:x2}:{_bytes[5]:x2}");
}
