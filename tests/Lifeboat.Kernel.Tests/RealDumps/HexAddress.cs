using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Lifeboat.Kernel.Tests.RealDumps;

/// <summary>Addresses of /proc/net: words in the machine's own order, a port in hex.</summary>
internal static class HexAddress
{
    /// <summary>An address of IPv6 whose bytes stand in order.</summary>
    internal static string ToPlainText(string address) => new IPAddress(Convert.FromHexString(address)).ToString();

    internal static string ToText(string address)
    {
        string[] parts = address.Split(':');
        int port = int.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        byte[] bytes = new byte[parts[0].Length / 2];
        for (int word = 0; word < bytes.Length; word += 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(
                bytes.AsSpan(word), uint.Parse(parts[0].AsSpan(word * 2, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        string text = new IPAddress(bytes).ToString();
        return $"{(bytes.Length > 4 ? $"[{text}]" : text)}:{(port == 0 ? "*" : port)}";
    }
}
