using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>
/// Opens a sealed file (age-encryption.org/v1) with secret keys. Every chunk is verified before a byte of it is given
/// out; the end is given out only when the last chunk is there and nothing follows it. What was given out before a refusal is sound.
/// </summary>
/// <remarks>
/// <para><b>Construction</b> reads the header and finds the key that opens it; 320 KiB of buffers whatever the file's size.</para>
/// <para><b>Ownership.</b> The identities stay the caller's and are not needed after construction. Keys are overwritten by Dispose.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class OpeningStream : SequentialStream
{
    private const int Window = 256 << 10;

    private readonly Stream _source;
    private readonly string _name;
    private readonly bool _leaveOpen;
    private readonly ReadAhead _ahead;
    private readonly PayloadCipher _cipher;
    private readonly byte[] _plain = new byte[PayloadCipher.ChunkSize];
    private int _plainOffset;
    private int _plainLength;
    private long _given;
    private bool _isAtEnd;
    private DiagnosticException? _refusal;

    /// <summary>A stream that reads from <paramref name="source"/>.</summary>
    /// <param name="source">Gives the sealed bytes, from its place on to its end.</param>
    /// <param name="identities">The keys that are tried.</param>
    /// <param name="name">What the source is, for messages.</param>
    /// <param name="limits">What is believed of the header.</param>
    /// <param name="leaveOpen">Whether the source stays open when this is disposed.</param>
    /// <exception cref="DiagnosticException">It is no sealed file, damaged, cut off, or sealed to other keys.</exception>
    /// <exception cref="IOException">The source cannot be read.</exception>
    public OpeningStream(
        Stream source, IReadOnlyList<AgeIdentity> identities, string name, DumpLimits? limits = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(identities);
        limits ??= DumpLimits.Default;
        _source = source;
        _name = name;
        _leaveOpen = leaveOpen;
        _ahead = new ReadAhead(source, Math.Max(Window, limits.MaxSealedHeaderBytes + 1));
        SealedHeader header = new SealedHeaderReader(_ahead, name, limits).Read();
        using var fileKey = new SecretBytes(X25519Stanza.FileKeySize);
        Unwrap(header, identities, fileKey.Span);
        if (!header.IsAuthentic(fileKey.Span))
        {
            throw Refusal(CoreDiagnostics.BadSealedHeader, "the header of the sealed file was changed", name, "another code than its lines make");
        }

        if (_ahead.Ensure(PayloadCipher.NonceSize) < PayloadCipher.NonceSize)
        {
            throw Refusal(CoreDiagnostics.SealedFileCutOff, "the sealed file ends before its first chunk", name, $"{_ahead.Window.Length} bytes");
        }

        _cipher = new PayloadCipher(fileKey.Span, _ahead.Window[..PayloadCipher.NonceSize]);
        _ahead.Consume(PayloadCipher.NonceSize);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <summary>Bytes given out; it cannot be set.</summary>
    public override long Position
    {
        get => _given;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="DiagnosticException">The next chunk is not what was sealed; the same again for every later call.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.Length == 0)
        {
            return 0;
        }

        int length;
        if (_plainOffset == _plainLength && buffer.Length >= _plain.Length)
        {
            length = OpenChunk(buffer);
        }
        else
        {
            if (_plainOffset == _plainLength)
            {
                _plainOffset = 0;
                _plainLength = 0;
                _plainLength = OpenChunk(_plain);
            }

            length = Math.Min(buffer.Length, _plainLength - _plainOffset);
            _plain.AsSpan(_plainOffset, length).CopyTo(buffer);
            _plainOffset += length;
        }

        _given += length;
        return length;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _cipher.Dispose();
            Sodium.Clear(_plain);
            if (!_leaveOpen)
            {
                _source.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    // The bytes of the next chunk, 0 at the end.
    private int OpenChunk(Span<byte> target)
    {
        if (_refusal is not null)
        {
            throw new DiagnosticException(_refusal, _refusal.Diagnostics);
        }

        if (_isAtEnd)
        {
            return 0;
        }

        // One byte more than a chunk: whether there is one tells the last chunk.
        int available = _ahead.Ensure(PayloadCipher.SealedChunkSize + 1);
        bool isLast = available <= PayloadCipher.SealedChunkSize;
        ReadOnlySpan<byte> cipher = _ahead.Window[..Math.Min(available, PayloadCipher.SealedChunkSize)];
        int length = cipher.Length - Sodium.TagSize;
        string place = Place();
        if (length < 0)
        {
            throw _refusal = Refusal(CoreDiagnostics.SealedFileCutOff, "the sealed file is cut off here", place, $"{cipher.Length} bytes");
        }

        // A last chunk without content is what only a file without content has.
        bool mayBe = length > 0 || _cipher.Number == 0;
        if (mayBe && _cipher.TryOpen(cipher, target[..length], isLast))
        {
            _isAtEnd = isLast;
            _ahead.Consume(cipher.Length);
        }
        else if (cipher.Length == PayloadCipher.SealedChunkSize && _cipher.TryOpen(cipher, target[..length], !isLast))
        {
            // Sound, and given out: but the end is missing, which the next call finds, or is not the end.
            _ahead.Consume(cipher.Length);
            _refusal = isLast ? null : Refusal(CoreDiagnostics.SealedFileExtended, "something follows the end of the sealed file", Place(), "more bytes");
        }
        else
        {
            throw _refusal = Refusal(
                CoreDiagnostics.SealedFileDamaged, "a chunk of the sealed file was changed, cut off or moved", place, $"{cipher.Length} bytes");
        }

        return length;
    }

    private string Place() => $"{_name}, offset 0x{_ahead.Offset:x}, chunk {_cipher.Number}";

    private void Unwrap(SealedHeader header, IReadOnlyList<AgeIdentity> identities, Span<byte> fileKey)
    {
        foreach (AgeIdentity identity in identities)
        {
            foreach (X25519Stanza stanza in header.Stanzas)
            {
                if (stanza.TryUnwrap(identity, fileKey, out bool isLowOrder))
                {
                    return;
                }

                if (isLowOrder)
                {
                    throw Refusal(CoreDiagnostics.BadSealedHeader, "the header of the sealed file is damaged", _name, "a share of low order");
                }
            }
        }

        throw new DiagnosticException(new Diagnostic(CoreDiagnostics.SealedToOtherKeys, "the file is sealed to other keys")
        {
            Where = _name,
            Found = header.HasPassphrase ? "a passphrase" : $"X25519 recipients: {header.Stanzas.Count}",
            Expected = $"one that a key given here opens, of which there are {identities.Count}",
            Remedy = header.HasPassphrase ? "age -d asks for the passphrase" : "Give the secret key of one of the recipients that it was sealed to",
        });
    }

    private static DiagnosticException Refusal(DiagnosticId id, string what, string where, string found) => new(new Diagnostic(id, what)
    {
        Where = where,
        Found = found,
        Remedy = "Copy the file again from where it was written",
    });
}
