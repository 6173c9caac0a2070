using System.Globalization;
using Lifeboat.Capture.Tests;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Sealing;

namespace Lifeboat.Core.Tests.Sealing;

public sealed class OpeningStreamTests : IDisposable
{
    private static readonly int Rounds = int.TryParse(
        Environment.GetEnvironmentVariable("LIFEBOAT_TEST_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int count) ? Math.Min(count, 20_000) : 20_000;

    private readonly AgeIdentity _key = AgeIdentity.Generate();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Every_flipped_bit_of_a_small_file_is_refused()
    {
        byte[] file = SealedFiles.Seal(SealedFiles.Noise(150), _key.Recipient, _key.Recipient);
        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<DiagnosticException>(() => SealedFiles.Open(file, _key));
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        byte[] file = SealedFiles.Seal(SealedFiles.Noise(100), _key.Recipient);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<DiagnosticException>(() => SealedFiles.Open(file[..length], _key));
        }
    }

    [Fact]
    public void A_file_cut_off_between_chunks_is_told_as_that()
    {
        byte[] file = SealedFiles.Seal(SealedFiles.Noise(3 * SealedFiles.Chunk), _key.Recipient);
        int start = SealedFiles.StartOf(file);
        Diagnostic none = Refusal(file[..start]);
        Diagnostic two = Refusal(file[..(start + (2 * SealedFiles.SealedChunk))]);
        Assert.Equal((CoreDiagnostics.SealedFileCutOff, CoreDiagnostics.SealedFileCutOff), (none.Id, two.Id));
        Assert.Equal($"file.age, offset 0x{start + (2 * SealedFiles.SealedChunk):x}, chunk 2", two.Where);
    }

    [Fact]
    public void What_stands_before_a_damaged_chunk_is_given_out_and_not_a_byte_of_it()
    {
        byte[] data = SealedFiles.Noise(3 * SealedFiles.Chunk);
        byte[] file = SealedFiles.Seal(data, _key.Recipient);
        int place = SealedFiles.StartOf(file) + SealedFiles.SealedChunk;
        file[place + 5000] ^= 1;
        using var stream = new OpeningStream(new MemoryStream(file), [_key], "file.age");
        byte[] given = new byte[data.Length];
        Assert.Equal(SealedFiles.Chunk, stream.ReadAtLeast(given, SealedFiles.Chunk));
        byte[] more = new byte[data.Length];
        var refusal = Assert.Throws<DiagnosticException>(() => stream.Read(more));
        Assert.Equal((CoreDiagnostics.SealedFileDamaged, $"file.age, offset 0x{place:x}, chunk 1"), (refusal.Diagnostics[0].Id, refusal.Diagnostics[0].Where));
        Assert.Equal(new byte[data.Length], more);
        Assert.Equal(data[..SealedFiles.Chunk], given[..SealedFiles.Chunk]);
        Assert.Throws<DiagnosticException>(() => stream.Read(more));
        Assert.Throws<DiagnosticException>(() => stream.Read(more.AsSpan(0, 10)));
    }

    [Fact]
    public void Chunks_that_changed_places_were_left_out_or_repeated_are_refused()
    {
        byte[] file = SealedFiles.Seal(SealedFiles.Noise(4 * SealedFiles.Chunk), _key.Recipient);
        int start = SealedFiles.StartOf(file);
        foreach (int[] order in (int[][])[[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 3], [0, 1, 1, 2, 3], [3], [0, 1, 2, 2, 3], [3, 1, 2, 0]])
        {
            IEnumerable<byte> moved = file[..start];
            foreach (int chunk in order)
            {
                moved = moved.Concat(file.AsSpan(start + (chunk * SealedFiles.SealedChunk), SealedFiles.SealedChunk).ToArray());
            }

            Assert.Equal(CoreDiagnostics.SealedFileDamaged, Refusal([.. moved]).Id);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(64 << 10)]
    public void Bytes_behind_the_end_are_refused(int length)
    {
        byte[] file = SealedFiles.Seal(SealedFiles.Noise(length), _key.Recipient);
        foreach (int more in (int[])[1, 16, 1000, 100_000])
        {
            Diagnostic refusal = Refusal([.. file, .. new byte[more]]);
            Assert.Equal(length == SealedFiles.Chunk ? CoreDiagnostics.SealedFileExtended : CoreDiagnostics.SealedFileDamaged, refusal.Id);
        }
    }

    [Fact]
    public void Nothing_that_was_changed_is_ever_given_out_as_whole()
    {
        byte[] data = SealedFiles.Noise(300);
        byte[] file = SealedFiles.Seal(data, _key.Recipient);
        int unchanged = 0;
        foreach (byte[] damaged in Mutations.Of(file, Rounds, seed: 20))
        {
            if (damaged.AsSpan().SequenceEqual(file))
            {
                unchanged++;
                continue;
            }

            Diagnostic refusal = Refusal(damaged);
            Assert.NotNull(refusal.Where);
        }

        Assert.True(unchanged < Rounds / 10);
    }

    [Fact]
    public void Headers_beyond_the_limits_are_refused_before_they_are_believed()
    {
        AgeRecipient[] three = [_key.Recipient, _key.Recipient, _key.Recipient];
        byte[] file = SealedFiles.Seal([1], three);
        Assert.Contains("2 recipients", Refusal(file, new DumpLimits { MaxSealedRecipients = 2 }).Found, StringComparison.Ordinal);
        Assert.Contains("200 bytes", Refusal(file, new DumpLimits { MaxSealedHeaderBytes = 200 }).Found, StringComparison.Ordinal);
        byte[] endless = [.. "age-encryption.org/v1\n-> X25519 "u8, .. Enumerable.Repeat((byte)'A', 10 << 20)];
        var source = new MemoryStream(endless);
        Assert.Throws<DiagnosticException>(() => new OpeningStream(source, [_key], "file.age"));
        Assert.InRange(source.Position, 1, 300 << 10);
    }

    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("age-enc", "a file that ends in its first line")]
    [InlineData("age-encryption.org/v2\n", "another version of the format")]
    [InlineData("-----BEGIN AGE ENCRYPTED FILE-----\n", "a sealed file in armour")]
    [InlineData("KDUMP   and so on and so on", "something else")]
    public void What_is_no_sealed_file_is_told_by_what_it_is(string content, string found)
    {
        Diagnostic refusal = Refusal(System.Text.Encoding.ASCII.GetBytes(content));
        Assert.Equal((CoreDiagnostics.NotSealed, found), (refusal.Id, refusal.Found));
    }

    private Diagnostic Refusal(byte[] file, DumpLimits? limits = null) => Assert.Throws<DiagnosticException>(() =>
    {
        using var stream = new OpeningStream(new MemoryStream(file), [_key], "file.age", limits);
        stream.CopyTo(Stream.Null);
    }).Diagnostics[0];
}
