using Lifeboat.Core.IO;
using Lifeboat.Core.Sealing.Interop;

namespace Lifeboat.Core.Sealing;

/// <summary>
/// Seals what is written to it for one or more recipients, in the format of age (age-encryption.org/v1):
/// <code>
///   header                        who can open it
///   nonce      16 bytes
///   chunk 0    64 KiB + 16        ChaCha20-Poly1305, with its number
///   ...
///   last chunk at most 64 KiB + 16, marked as the last
/// </code>
/// </summary>
/// <remarks>
/// <para><b>Construction</b> writes the header. <see cref="Finish"/> writes the last chunk; a stream that is disposed without it
/// leaves a file that every reader refuses as cut off, which is what a failure should leave.</para>
/// <para><b>Hot path.</b> 130 KiB of buffers whatever is written, nothing allocated for a chunk, one write to the target for each.</para>
/// <para><b>Ownership.</b> The keys are overwritten by Finish and by Dispose. Whoever wrote a file cannot open it.</para>
/// <para><b>Thread safety.</b> One thread at a time.</para>
/// </remarks>
public sealed class SealingStream : SequentialStream
{
    private readonly Stream _target;
    private readonly bool _leaveOpen;
    private readonly PayloadCipher _cipher;
    private readonly byte[] _pending = new byte[PayloadCipher.ChunkSize];
    private readonly byte[] _sealed = new byte[PayloadCipher.SealedChunkSize];
    private int _pendingLength;
    private long _length;
    private bool _isOpen = true;

    /// <summary>A stream that writes to <paramref name="target"/>.</summary>
    /// <param name="target">Takes the sealed bytes, in order.</param>
    /// <param name="recipients">Who can open it, at least one.</param>
    /// <param name="leaveOpen">Whether the target stays open when this is disposed.</param>
    /// <exception cref="ArgumentException">There is no recipient, or there are more than readers take.</exception>
    /// <exception cref="IOException">The target refused the header.</exception>
    public SealingStream(Stream target, IReadOnlyList<AgeRecipient> recipients, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(recipients);
        if (recipients.Count == 0 || recipients.Count > DumpLimits.Default.MaxSealedRecipients)
        {
            throw new ArgumentException($"a file is sealed to 1 to {DumpLimits.Default.MaxSealedRecipients} recipients", nameof(recipients));
        }

        _target = target;
        _leaveOpen = leaveOpen;
        using var fileKey = SecretBytes.Random(X25519Stanza.FileKeySize);
        byte[] header = SealedHeader.Build(recipients, fileKey.Span);
        byte[] start = new byte[header.Length + PayloadCipher.NonceSize];
        header.CopyTo(start.AsSpan());
        Span<byte> nonce = start.AsSpan(header.Length);
        Sodium.FillRandom(nonce);
        _cipher = new PayloadCipher(fileKey.Span, nonce);
        try
        {
            target.Write(start);
        }
        catch
        {
            _cipher.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanWrite => _isOpen;

    /// <summary>Bytes written to it, before they were sealed.</summary>
    public override long Length => _length;

    /// <summary>The same; it cannot be set.</summary>
    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It was finished, or a write to the target has failed.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireOpen();
        _length += buffer.Length;

        // A full chunk is held back until more comes: it may be the last.
        while (buffer.Length > 0)
        {
            if (_pendingLength == _pending.Length)
            {
                Emit(_pending, isLast: false);
                _pendingLength = 0;
            }
            else if (_pendingLength == 0 && buffer.Length > _pending.Length)
            {
                Emit(buffer[.._pending.Length], isLast: false);
                buffer = buffer[_pending.Length..];
            }
            else
            {
                int taken = Math.Min(_pending.Length - _pendingLength, buffer.Length);
                buffer[..taken].CopyTo(_pending.AsSpan(_pendingLength));
                _pendingLength += taken;
                buffer = buffer[taken..];
            }
        }
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write([value]);

    /// <summary>Flushes the target. Less than a chunk stays here until it is full, or the end.</summary>
    public override void Flush() => _target.Flush();

    /// <summary>Writes the last chunk: only now is the file whole. The target is neither flushed nor closed.</summary>
    /// <exception cref="InvalidOperationException">It was finished, or a write to the target has failed.</exception>
    public void Finish()
    {
        RequireOpen();
        Emit(_pending.AsSpan(0, _pendingLength), isLast: true);
        ForgetSecrets();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ForgetSecrets();
            if (!_leaveOpen)
            {
                _target.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private void Emit(ReadOnlySpan<byte> chunk, bool isLast)
    {
        Span<byte> target = _sealed.AsSpan(0, chunk.Length + Sodium.TagSize);
        _cipher.Seal(chunk, target, isLast);
        _isOpen = false; // What a failing write has left is not known: nothing may follow it.
        _target.Write(target);
        _isOpen = true;
    }

    private void RequireOpen()
    {
        if (!_isOpen)
        {
            throw new InvalidOperationException("the sealed stream was finished or disposed, or its target has failed");
        }
    }

    private void ForgetSecrets()
    {
        _isOpen = false;
        _pendingLength = 0;
        _cipher.Dispose();
        Sodium.Clear(_pending);
    }
}
