using System.Globalization;
using System.Text;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Kernel.Net;

/// <summary>Addresses of the network as they are written.</summary>
internal static class NetText
{
    private const int Groups = 8;

    /// <summary>An address of IPv4, whose first byte is the lowest of the number.</summary>
    internal static string? Version4(ulong? address) => address is not { } value ? null : string.Create(
        CultureInfo.InvariantCulture, $"{value & 255}.{value >> 8 & 255}.{value >> 16 & 255}.{value >> 24 & 255}");

    /// <summary>An address of IPv6 (<c>struct in6_addr</c>) as RFC 5952 has it.</summary>
    internal static string? Version6(KernelObject address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.Read(bytes, out _) == bytes.Length ? Version6(bytes) : null;
    }

    internal static string Version6(ReadOnlySpan<byte> bytes)
    {
        (int zerosAt, int zeros) = LongestZeros(bytes);
        var text = new StringBuilder();
        for (int group = 0; group < Groups; group++)
        {
            if (group == zerosAt)
            {
                text.Append("::");
                group += zeros - 1;
                continue;
            }

            if (group > 0 && group != zerosAt + zeros)
            {
                text.Append(':');
            }

            text.Append(CultureInfo.InvariantCulture, $"{(bytes[group * 2] << 8) | bytes[(group * 2) + 1]:x}");
        }

        return text.ToString();
    }

    /// <summary>An address of a device: <c>52:54:00:12:34:56</c>.</summary>
    /// <param name="first">Its first byte.</param>
    /// <param name="length">How many it has.</param>
    internal static string? Hardware(KernelObject first, ulong? length)
    {
        Span<byte> bytes = stackalloc byte[32]; // MAX_ADDR_LEN
        if (length is not { } count || count > (ulong)bytes.Length || first.Read(bytes[..(int)count], out _) < (int)count)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (byte value in bytes[..(int)count])
        {
            text.Append(text.Length == 0 ? "" : ":").Append(CultureInfo.InvariantCulture, $"{value:x2}");
        }

        return text.ToString();
    }

    /// <summary>A port, whose first byte is the higher one.</summary>
    internal static int? Port(ulong? port) => port is { } value ? (int)((value & 255) << 8 | value >> 8 & 255) : null;

    /// <summary>An address and a port; an asterisk is any port.</summary>
    internal static string? WithPort(string? address, int? port) => address is null || port is null ? null
        : string.Create(
            CultureInfo.InvariantCulture, $"{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{(port == 0 ? "*" : port)}");

    private static (int At, int Count) LongestZeros(ReadOnlySpan<byte> bytes)
    {
        (int bestAt, int best) = (-1, 1); // one group of zeros alone is written
        for (int start = 0; start < Groups; start++)
        {
            int count = 0;
            while (start + count < Groups && bytes[(start + count) * 2] == 0 && bytes[((start + count) * 2) + 1] == 0)
            {
                count++;
            }

            if (count > best)
            {
                (bestAt, best) = (start, count);
            }
        }

        return bestAt < 0 ? (-1, 0) : (bestAt, best);
    }
}
