using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Flattened;

/// <summary>
/// A flattened dump read as the dump that it stands for: its records are indexed once, then any place can be read.
/// What no record has reads as zeros, unless the records end early: then it may have been in one that is lost, and is
/// not there.
/// </summary>
internal sealed class FlattenedFile : IRandomAccessFile
{
    private readonly IRandomAccessFile _file;
    private readonly FlattenedExtentMap _map;
    private readonly List<Diagnostic> _diagnostics = [];

    /// <summary>Indexes a file, which belongs to this one once that has succeeded.</summary>
    /// <exception cref="DumpFormatException">It is no flattened dump of the kind that is known.</exception>
    internal FlattenedFile(IRandomAccessFile file, DumpLimits limits)
    {
        _file = file;
        Span<byte> start = stackalloc byte[32];
        int read = file.Read(new FileOffset(0), start, out _);
        if (!FlattenedHeader.TryParse(start[..read], out FlattenedHeader header))
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.UnknownFormat, $"{file.Path} is not a flattened dump")
                {
                    Where = $"{new FileOffset(0)}",
                    Found = read == 0 ? "an empty file" : Convert.ToHexStringLower(start[..read]),
                    Expected = "makedumpfile's signature, a type and a version",
                });
        }

        if (header.Validate() is { } wrong)
        {
            throw new DumpFormatException(wrong);
        }

        _map = FlattenedExtentMap.Create(ReadRecords(limits));
        Length = new ByteCount(_map.End);
    }

    /// <inheritdoc/>
    public string Path => _file.Path;

    /// <inheritdoc/>
    public ByteCount? Length { get; }

    /// <summary>Bytes that records have; the rest are zeros.</summary>
    internal ByteCount StoredBytes => _map.StoredBytes;

    /// <summary>Whether the records go on to the one that ends them.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>What is wrong with the records and was tolerated.</summary>
    internal IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <inheritdoc/>
    public int Read(FileOffset offset, Span<byte> destination, out Errno error)
    {
        error = Errno.None;
        ulong place = offset.Value;
        if (place >= _map.End)
        {
            return 0;
        }

        destination = destination[..(int)Math.Min((ulong)destination.Length, _map.End - place)];
        int done = 0;
        for (int i = _map.FindAtOrAbove(place); done < destination.Length; i++)
        {
            FlattenedExtent extent = _map.Extents[i];
            ulong now = place + (ulong)done;
            if (extent.Start > now)
            {
                if (!IsComplete)
                {
                    break;
                }

                int gap = (int)Math.Min(extent.Start - now, (ulong)(destination.Length - done));
                destination.Slice(done, gap).Clear();
                done += gap;
                now += (ulong)gap;
                if (done == destination.Length)
                {
                    break;
                }
            }

            int count = (int)Math.Min(extent.End - now, (ulong)(destination.Length - done));
            int read = _file.Read(
                new FileOffset(extent.Source + (now - extent.Start)), destination.Slice(done, count), out error);
            done += read;
            if (read < count)
            {
                break;
            }
        }

        return done;
    }

    /// <summary>
    /// How many bytes from a place on no record has, and how many are in records without a gap; one of them is 0.
    /// </summary>
    internal (ulong Gap, ulong Stored) LookAt(ulong place)
    {
        int index = _map.FindAtOrAbove(place);
        if (index == _map.Extents.Length)
        {
            return (ulong.MaxValue - place, 0);
        }

        FlattenedExtent extent = _map.Extents[index];
        return extent.Start > place ? (extent.Start - place, 0) : (0, extent.End - place);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private List<FlattenedExtent> ReadRecords(DumpLimits limits)
    {
        var extents = new List<FlattenedExtent>();
        ulong place = FlattenedHeader.Size;
        ulong end = _file.Length?.Value ?? ulong.MaxValue;
        Span<byte> bytes = stackalloc byte[FlattenedRecord.Size];
        for (int count = 0; ; count++)
        {
            if (count == limits.MaxFlattenedRecords)
            {
                Tell(VmcoreDiagnosticIds.BeyondLimit, "there are more records than is believed", place,
                    $"more than {count} records");
                return extents;
            }

            if (_file.Read(new FileOffset(place), bytes, out _) < bytes.Length)
            {
                Tell(VmcoreDiagnosticIds.Truncated, "the records end without the one that ends them", place, null);
                return extents;
            }

            FlattenedRecord record = FlattenedRecord.Parse(bytes);
            if (record == FlattenedRecord.End)
            {
                IsComplete = true;
                return extents;
            }

            if (!record.IsValid)
            {
                Tell(VmcoreDiagnosticIds.BadHeader, "a record cannot be, and what follows it is lost", place,
                    $"offset {record.Offset}, length {record.Length}");
                return extents;
            }

            place += FlattenedRecord.Size;
            ulong there = Math.Min((ulong)record.Length, end - Math.Min(end, place));
            if (there > 0)
            {
                extents.Add(new FlattenedExtent((ulong)record.Offset, (ulong)record.Offset + there, place));
            }

            if (there < (ulong)record.Length)
            {
                Tell(VmcoreDiagnosticIds.Truncated, "the file ends within a record", place, $"{there} bytes");
                return extents;
            }

            place += there;
        }
    }

    private void Tell(DiagnosticId id, string what, ulong place, string? found) =>
        _diagnostics.Add(new Diagnostic(id, what) { Where = $"{Path}, {new FileOffset(place)}", Found = found });
}
