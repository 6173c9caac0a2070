using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Lifeboat.Kernel;

/// <summary>Text of the kernel's log, which is mostly UTF-8 and may be any bytes, as a string from which the bytes come back.</summary>
/// <remarks>A byte that is no part of a character becomes U+DC00 plus the byte, half a surrogate pair that nothing else uses.</remarks>
public static class LogText
{
    private const char Escape = '\uDC00';

    /// <summary>The string for bytes of the log.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        Span<char> characters = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                text.Append(characters[..rune.EncodeToUtf16(characters)]);
            }
            else
            {
                foreach (byte value in bytes[..consumed])
                {
                    text.Append((char)(Escape + value));
                }
            }

            bytes = bytes[consumed..];
        }

        return text.ToString();
    }

    /// <summary>The bytes that a string was made of; half a surrogate pair that stands for none becomes U+FFFD.</summary>
    public static byte[] ToBytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new ArrayBufferWriter<byte>(text.Length + 1);
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed) != OperationStatus.Done
                && rest[0] is >= (char)(Escape + 0x80) and <= (char)(Escape + 0xff))
            {
                bytes.Write([(byte)(rest[0] - Escape)]);
            }
            else
            {
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            }

            rest = rest[consumed..];
        }

        return bytes.WrittenSpan.ToArray();
    }
}
