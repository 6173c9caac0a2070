using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.IO;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>Reads the header of a sealed file as strictly as the format has it: there is one way to write each.</summary>
internal sealed class SealedHeaderReader(ReadAhead source, string name, DumpLimits limits)
{
    private const int FullLine = 64;
    private const int FullLineBytes = 48;

    private readonly List<X25519Stanza> _stanzas = [];
    private int _lineStart;
    private int _position;
    private int _count;
    private int _passphrases;

    private static ReadOnlySpan<byte> Arrow => "-> "u8;

    private static ReadOnlySpan<byte> CodeMark => "---"u8;

    /// <summary>Reads the header and leaves the source behind it.</summary>
    /// <exception cref="DiagnosticException">It is no sealed file's, or damaged, or beyond the limits.</exception>
    internal SealedHeader Read()
    {
        ReadVersion();
        for (ReadOnlySpan<byte> line = NextLine(); ; line = NextLine())
        {
            if (line.StartsWith(CodeMark))
            {
                return End(line);
            }

            if (!line.StartsWith(Arrow))
            {
                throw Bad("a line that begins neither a recipient nor the code", "-> or ---");
            }

            ReadStanza(line[Arrow.Length..]);
        }
    }

    private void ReadVersion()
    {
        ReadOnlySpan<byte> expected = SealedHeader.VersionLine;
        source.Ensure(expected.Length);
        if (source.Window.StartsWith(expected))
        {
            _position = expected.Length;
            return;
        }

        ReadOnlySpan<byte> found = source.Window;
        throw new DiagnosticException(new Diagnostic(CoreDiagnostics.NotSealed, "this is no sealed file that can be read")
        {
            Where = $"{name}, offset 0x0",
            Found = found switch
            {
                [] => "an empty file",
                _ when found.StartsWith("age-encryption.org/"u8) => "another version of the format",
                _ when found.StartsWith("-----BEGIN AGE"u8) => "a sealed file in armour",
                _ when expected.StartsWith(found) => "a file that ends in its first line",
                _ => "something else",
            },
            Expected = "age-encryption.org/v1",
            Remedy = found.StartsWith("-----BEGIN AGE"u8) ? "age -d opens it as it is" : null,
        });
    }

    private void ReadStanza(ReadOnlySpan<byte> arguments)
    {
        if (++_count > limits.MaxSealedRecipients)
        {
            throw Bad($"more than {limits.MaxSealedRecipients} recipients", null);
        }

        int words = 1;
        bool wasSpace = true;
        foreach (byte character in arguments)
        {
            bool isSpace = character == (byte)' ';
            if ((isSpace && wasSpace) || character is < (byte)' ' or > (byte)'~')
            {
                throw Bad("a recipient's line with a character or a space too many", "words with one space between");
            }

            words += isSpace ? 1 : 0;
            wasSpace = isSpace;
        }

        if (wasSpace)
        {
            throw Bad("a recipient's line that lacks a word", "words with one space between");
        }

        int space = arguments.IndexOf((byte)' ');
        ReadOnlySpan<byte> kind = space < 0 ? arguments : arguments[..space];
        bool isOurs = kind.SequenceEqual("X25519"u8);
        _passphrases += kind.SequenceEqual("scrypt"u8) ? 1 : 0;
        byte[] share = new byte[Sodium.KeySize];
        if (isOurs && (words != 2 || UnpaddedBase64.Decode(arguments[(space + 1)..], share) != share.Length))
        {
            throw Bad("a recipient of X25519 without its share", "32 bytes in base64");
        }

        byte[] body = new byte[X25519Stanza.BodySize];
        int length = ReadBody(body);
        if (isOurs)
        {
            _stanzas.Add(length == body.Length
                ? new X25519Stanza(share, body)
                : throw Bad($"a wrapped key of {length} bytes", $"{body.Length} bytes"));
        }
    }

    // The bytes of the body, of which only the first are kept.
    private int ReadBody(Span<byte> body)
    {
        Span<byte> bytes = stackalloc byte[FullLineBytes];
        for (int length = 0; ;)
        {
            ReadOnlySpan<byte> line = NextLine();
            int decoded = line.Length > FullLine ? -1 : UnpaddedBase64.Decode(line, bytes);
            if (decoded < 0)
            {
                throw Bad("a line that is no base64 as the format has it", "at most 64 characters without padding");
            }

            if (length == 0)
            {
                bytes[..Math.Min(decoded, body.Length)].CopyTo(body);
            }

            length += decoded;
            if (line.Length < FullLine)
            {
                return length;
            }
        }
    }

    private SealedHeader End(ReadOnlySpan<byte> line)
    {
        byte[] code = new byte[Sha256.DigestSize];
        if (_count == 0 || line.Length <= CodeMark.Length || line[CodeMark.Length] != (byte)' '
            || UnpaddedBase64.Decode(line[(CodeMark.Length + 1)..], code) != code.Length)
        {
            throw Bad(_count == 0 ? "no recipient" : "a last line without its code", "--- and 32 bytes in base64, after recipients");
        }

        if (_passphrases > 0 && _count > 1)
        {
            throw Bad("a passphrase beside other recipients", "a passphrase alone");
        }

        byte[] authenticated = source.Window[..(_lineStart + CodeMark.Length)].ToArray();
        source.Consume(_position);
        return new SealedHeader
        {
            Stanzas = _stanzas,
            HasPassphrase = _passphrases > 0,
            Authenticated = authenticated,
            Code = code,
        };
    }

    private ReadOnlySpan<byte> NextLine()
    {
        _lineStart = _position;
        for (int searched = _position; ;)
        {
            int end = source.Window[searched..].IndexOf((byte)'\n');
            int length = end < 0 ? source.Window.Length : searched + end;
            if (length >= limits.MaxSealedHeaderBytes)
            {
                throw Bad($"more than {limits.MaxSealedHeaderBytes} bytes of header", null);
            }

            if (end >= 0)
            {
                _position = length + 1;
                return source.Window[_lineStart..length];
            }

            searched = length;
            if (source.Ensure(searched + 1) == searched)
            {
                throw Refusal(CoreDiagnostics.SealedFileCutOff, "the sealed file ends in its header", $"{searched} bytes", null);
            }
        }
    }

    private DiagnosticException Bad(string found, string? expected) =>
        Refusal(CoreDiagnostics.BadSealedHeader, "the header of the sealed file is damaged", found, expected);

    private DiagnosticException Refusal(DiagnosticId id, string what, string found, string? expected) =>
        new(new Diagnostic(id, what)
        {
            Where = $"{name}, offset 0x{_lineStart:x}",
            Found = found,
            Expected = expected,
            Remedy = "Copy the file again from where it was written",
        });
}
