using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Core.Tests.Sealing;

public sealed class SealingStreamTests : IDisposable
{
    private readonly AgeIdentity _key = AgeIdentity.Generate();
    private readonly AgeIdentity _other = AgeIdentity.Generate();

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void What_is_sealed_opens_at_every_length_however_it_is_written_and_read()
    {
        foreach (int length in SealedFiles.Lengths)
        {
            byte[] data = SealedFiles.Noise(length);
            foreach (int piece in (int[])[997, SealedFiles.Chunk, SealedFiles.Chunk + 1, 1 << 20])
            {
                var target = new MemoryStream();
                using var stream = new SealingStream(target, [_key.Recipient], leaveOpen: true);
                for (int at = 0; at < length; at += piece)
                {
                    stream.Write(data.AsSpan(at, Math.Min(piece, length - at)));
                }

                stream.Finish();
                Assert.Equal(length, stream.Length);
                Assert.Equal(data, ReadInPieces(target.ToArray(), piece));
            }
        }
    }

    [Fact]
    public void Each_recipient_opens_it_and_nobody_else()
    {
        byte[] file = SealedFiles.Seal([1, 2, 3], _key.Recipient, _other.Recipient);
        Assert.Equal([1, 2, 3], SealedFiles.Open(file, _key));
        Assert.Equal([1, 2, 3], SealedFiles.Open(file, _other));
        using var third = AgeIdentity.Generate();
        var refusal = Assert.Throws<DiagnosticException>(() => SealedFiles.Open(file, third));
        Assert.Equal(CoreDiagnostics.SealedToOtherKeys, refusal.Diagnostics[0].Id);
        Assert.Equal([1, 2, 3], SealedFiles.Open(file, third, _other));
    }

    [Fact]
    public void Two_files_of_the_same_bytes_have_nothing_in_common()
    {
        byte[] first = SealedFiles.Seal(new byte[64], _key.Recipient);
        byte[] second = SealedFiles.Seal(new byte[64], _key.Recipient);
        Assert.Equal(first.Length, second.Length);
        Assert.NotEqual(first.AsSpan(22..40).ToArray(), second.AsSpan(22..40).ToArray());
        Assert.NotEqual(first[^80..], second[^80..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(64 << 10)]
    [InlineData((64 << 10) + 1)]
    [InlineData(200_000)]
    public void A_stream_that_is_not_finished_leaves_a_file_that_is_refused(int length)
    {
        var target = new MemoryStream();
        using (var stream = new SealingStream(target, [_key.Recipient]))
        {
            stream.Write(SealedFiles.Noise(length));
        }

        var refusal = Assert.Throws<DiagnosticException>(() => SealedFiles.Open(target.ToArray(), _key));
        Assert.Equal(CoreDiagnostics.SealedFileCutOff, refusal.Diagnostics[0].Id);
    }

    [Fact]
    public void Nothing_follows_a_failed_write_so_that_it_can_never_be_finished()
    {
        using var target = new FullStream(room: 100_000);
        using var stream = new SealingStream(target, [_key.Recipient]);
        Assert.Throws<IOException>(() => stream.Write(new byte[1 << 20]));
        Assert.False(stream.CanWrite);
        Assert.Throws<InvalidOperationException>(() => stream.Write([1]));
        Assert.Throws<InvalidOperationException>(stream.Finish);
        Assert.Throws<DiagnosticException>(() => SealedFiles.Open(target.ToArray(), _key));
    }

    [Fact]
    public void A_finished_stream_takes_no_more()
    {
        using var stream = new SealingStream(new MemoryStream(), [_key.Recipient]);
        stream.Finish();
        Assert.Throws<InvalidOperationException>(stream.Finish);
        Assert.Throws<InvalidOperationException>(() => stream.WriteByte(1));
    }

    [Fact]
    public void Chunks_cost_no_allocation()
    {
        byte[] data = new byte[1 << 20];
        using var sealing = new SealingStream(Stream.Null, [_key.Recipient]);
        sealing.Write(data);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 64; i++)
        {
            sealing.Write(data);
            sealing.Write(data.AsSpan(0, 1000));
        }

        // The smallest object has 24 bytes; a little is the runtime's own.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 16 * 16);
    }

    [Fact]
    public void Takes_at_least_one_recipient_and_no_more_than_readers_take()
    {
        Assert.Throws<ArgumentException>(() => new SealingStream(Stream.Null, []));
        AgeRecipient[] many = [.. Enumerable.Repeat(_key.Recipient, DumpLimits.Default.MaxSealedRecipients)];
        Assert.Equal([7], SealedFiles.Open(SealedFiles.Seal([7], many), _key));
        Assert.Throws<ArgumentException>(() => new SealingStream(Stream.Null, [.. many, _key.Recipient]));
    }

    private byte[] ReadInPieces(byte[] file, int piece)
    {
        using var stream = new OpeningStream(new MemoryStream(file), [_key], "file.age");
        var all = new MemoryStream();
        byte[] buffer = new byte[piece];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            all.Write(buffer, 0, read);
        }

        Assert.Equal(0, stream.Read(buffer));
        Assert.Equal(all.Length, stream.Position);
        return all.ToArray();
    }

    // As a disk that is full: what there was room for is kept.
    private sealed class FullStream(int room) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int fits = (int)Math.Min(buffer.Length, room - Length);
            base.Write(buffer[..fits]);
            if (fits < buffer.Length)
            {
                throw new IOException("no space left on device");
            }
        }
    }
}
