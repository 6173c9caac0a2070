using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Vmcore.Flattened;

/// <summary>Turns a flattened dump that arrives on a stream into the file that it stands for.</summary>
public static class FlattenedDump
{
    private const int PieceLength = 1 << 18;

    /// <summary>Whether a file begins as a flattened dump does.</summary>
    /// <exception cref="KernelInterfaceException">It cannot be opened or read.</exception>
    public static bool IsFlattened(string path)
    {
        using var file = MappedFile.Open(path);
        Span<byte> start = stackalloc byte[32];
        int read = file.Read(new FileOffset(0), start, out Errno error);
        return error == Errno.None ? FlattenedHeader.IsFlattened(start[..read])
            : throw new KernelInterfaceException("read", path, error);
    }

    /// <summary>
    /// Reads a flattened dump, as <c>makedumpfile -F</c> writes it, from a stream that need not seek, and writes its
    /// pieces to their places (<c>makedumpfile -R</c>).
    /// </summary>
    /// <param name="source">The stream, read to the record that ends the dump.</param>
    /// <param name="path">The file to write; what it held is lost.</param>
    /// <param name="limits">What to believe of the stream; null for <see cref="DumpLimits.Default"/>.</param>
    /// <param name="progress">
    /// Told every MiB or so, on the caller's thread, in pages; how many there will be is known when the stream can seek.
    /// </param>
    /// <param name="cancellationToken">Ends the work early; the file then has what came until then.</param>
    /// <returns>The length of the file.</returns>
    /// <exception cref="DumpFormatException">
    /// The stream is no flattened dump, a record in it cannot be, or it ends early; what came before is in the file.
    /// </exception>
    /// <exception cref="KernelInterfaceException">The file cannot be written.</exception>
    public static ByteCount Rearrange(
        Stream source, string path, DumpLimits? limits = null, IProgress<DumpProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        limits ??= DumpLimits.Default;
        byte[] piece = new byte[PieceLength];
        Span<byte> start = piece.AsSpan(0, FlattenedHeader.Size);
        ReadExactly(source, start, 0);
        if (!FlattenedHeader.TryParse(start, out FlattenedHeader header))
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.UnknownFormat, "the stream is not a flattened dump")
                {
                    Where = $"{new FileOffset(0)} of the stream",
                    Found = Convert.ToHexStringLower(start[..16]),
                    Expected = "makedumpfile's signature",
                });
        }

        if (header.Validate() is { } wrong)
        {
            throw new DumpFormatException(wrong);
        }

        using var file = OutputFile.Create(path);
        ulong place = FlattenedHeader.Size;
        ulong length = 0;
        ulong all = source.CanSeek ? (ulong)source.Length : 0;
        for (int count = 0; ; count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Span<byte> bytes = piece.AsSpan(0, FlattenedRecord.Size);
            ReadExactly(source, bytes, place);
            FlattenedRecord record = FlattenedRecord.Parse(bytes);
            if (record == FlattenedRecord.End)
            {
                file.Sync();
                return new ByteCount(length);
            }

            if (!record.IsValid || count >= limits.MaxFlattenedRecords)
            {
                throw new DumpFormatException(
                    new Diagnostic(VmcoreDiagnosticIds.BadHeader, "a record cannot be, and what follows it is lost")
                    {
                        Where = $"{new FileOffset(place)} of the stream",
                        Found = $"record {count}, offset {record.Offset}, length {record.Length}",
                        Expected = $"at most {limits.MaxFlattenedRecords} records, offset and length of 0 or more",
                    });
            }

            place += FlattenedRecord.Size;
            if (place > (ulong)limits.MaxStreamBytes || (ulong)record.Length > (ulong)limits.MaxStreamBytes - place)
            {
                throw new DumpFormatException(
                    new Diagnostic(VmcoreDiagnosticIds.BeyondLimit, "the stream goes on for longer than is believed")
                    {
                        Where = $"{new FileOffset(place)} of the stream",
                        Found = $"a record of {record.Length} bytes",
                        Expected = $"at most {new ByteCount((ulong)limits.MaxStreamBytes)} in all",
                    });
            }

            for (long done = 0; done < record.Length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<byte> part = piece.AsSpan(0, (int)Math.Min(PieceLength, record.Length - done));
                ReadExactly(source, part, place);
                file.WriteAt(new FileOffset((ulong)(record.Offset + done)), part);
                done += part.Length;
                place += (ulong)part.Length;
            }

            length = Math.Max(length, (ulong)(record.Offset + record.Length));
            progress?.Report(new DumpProgress(
                DumpStage.Write, place >> Pfn.PageShift, all >> Pfn.PageShift, new ByteCount(place)));
        }
    }

    private static void ReadExactly(Stream source, Span<byte> bytes, ulong place)
    {
        int read = source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.Truncated, "the stream ends before the dump does")
                {
                    Where = $"{new FileOffset(place + (ulong)read)} of the stream",
                    Found = $"{read} bytes",
                    Expected = $"{bytes.Length} bytes",
                });
        }
    }
}
