using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Elf;
using Lifeboat.Core.IO;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Flattened;
using Lifeboat.Vmcore.Kdump;
using Lifeboat.Vmcore.Split;

namespace Lifeboat.Vmcore;

/// <summary>Finds a dump's format by its first bytes.</summary>
internal static class DumpFormatDetector
{
    internal static DumpSource Open(string path, DumpLimits limits) => Open(MappedFile.Open(path), limits);

    /// <summary>Opens what a file holds; the file belongs to the source then, and is closed when there is none.</summary>
    internal static DumpSource Open(IRandomAccessFile opened, DumpLimits limits)
    {
        IRandomAccessFile file = opened;
        try
        {
            Span<byte> start = stackalloc byte[16];
            if (FlattenedHeader.IsFlattened(ReadStart(file, start)))
            {
                file = new FlattenedFile(file, limits);
            }

            ReadOnlySpan<byte> found = ReadStart(file, start);
            if (Elf64Header.IsElf(found))
            {
                var source = new ElfDumpSource(file, limits);
                source.FileSize = source.IsLive ? null : opened.Length;
                return source;
            }

            if (DiskDumpHeader.IsKdump(found))
            {
                return OfKdump(new KdumpDumpSource(file, limits) { FileSize = opened.Length });
            }

            throw new DumpFormatException(Unknown(opened.Path, found));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal static DumpSource Open(IReadOnlyList<string> paths, DumpLimits limits)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfZero(paths.Count, nameof(paths));
        if (paths.Count == 1)
        {
            return Open(paths[0], limits);
        }

        if (paths.Count > limits.MaxSplitParts)
        {
            throw new DumpFormatException(
                new Diagnostic(VmcoreDiagnosticIds.BeyondLimit, "there are more parts than is believed")
                {
                    Where = paths[0],
                    Found = $"{paths.Count} files",
                    Expected = $"at most {limits.MaxSplitParts}",
                });
        }

        var files = new List<IRandomAccessFile>(paths.Count);
        try
        {
            foreach (string path in paths)
            {
                files.Add(MappedFile.Open(path));
            }

            return OpenParts(files, limits);
        }
        catch
        {
            foreach (IRandomAccessFile file in files)
            {
                file.Dispose();
            }

            throw;
        }
    }

    /// <summary>Opens the parts of a split dump; the files belong to the source once that has succeeded.</summary>
    internal static DumpSource OpenParts(IReadOnlyList<IRandomAccessFile> files, DumpLimits limits)
    {
        var opened = new List<DumpSource>(files.Count);
        try
        {
            var parts = new List<KdumpDumpSource>(files.Count);
            foreach (IRandomAccessFile file in files)
            {
                DumpSource source = Open(file, limits);
                opened.Add(source);
                parts.Add(source is SplitDumpSource { Parts: [KdumpDumpSource part] } ? part : throw NoPart(source));
            }

            return new SplitDumpSource(parts);
        }
        catch
        {
            foreach (DumpSource source in opened)
            {
                source.Dispose();
            }

            throw;
        }
    }

    private static DumpSource OfKdump(KdumpDumpSource source) =>
        source.Layout.IsPart ? new SplitDumpSource([source]) : source;

    private static DumpFormatException NoPart(DumpSource source) =>
        new(new Diagnostic(VmcoreDiagnosticIds.PartsDiffer, "the file is not a part of a split dump")
        {
            Where = source.Path,
            Found = source.FormatName,
            Expected = "a part of a split kdump-compressed dump",
            Remedy = "Give a whole dump alone.",
        });

    private static ReadOnlySpan<byte> ReadStart(IRandomAccessFile file, Span<byte> start)
    {
        int read = file.Read(new FileOffset(0), start, out Errno error);
        return error == Errno.None ? start[..read] : throw new KernelInterfaceException("read", file.Path, error);
    }

    private static Diagnostic Unknown(string path, ReadOnlySpan<byte> start)
    {
        string? kind = start.StartsWith("DISKDUMP"u8) ? "an old diskdump"
            : FlattenedHeader.IsFlattened(start) ? "a flattened dump within a flattened dump"
            : null;
        return new Diagnostic(
            kind is null ? VmcoreDiagnosticIds.UnknownFormat : VmcoreDiagnosticIds.Unsupported,
            kind is null ? $"{path} is not a dump of a known format" : $"{path} is {kind}, which cannot be read yet")
        {
            Where = $"{new FileOffset(0)}",
            Found = start.IsEmpty ? "an empty file" : Convert.ToHexStringLower(start),
            Expected = "an ELF core or a kdump-compressed file, flattened or not",
        };
    }
}
