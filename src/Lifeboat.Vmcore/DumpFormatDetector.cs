using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Kdump;

namespace Lifeboat.Vmcore;

/// <summary>Finds a dump's format by its first bytes.</summary>
internal static class DumpFormatDetector
{
    internal static DumpSource Open(string path, DumpLimits limits)
    {
        var file = MappedFile.Open(path);
        try
        {
            Span<byte> start = stackalloc byte[16];
            int read = file.Read(new FileOffset(0), start, out Errno error);
            if (error != Errno.None)
            {
                throw new KernelInterfaceException("read", path, error);
            }

            if (Elf64Header.IsElf(start[..read]))
            {
                return new ElfDumpSource(file, limits);
            }

            if (DiskDumpHeader.IsKdump(start[..read]))
            {
                return new KdumpDumpSource(file, limits);
            }

            throw new DumpFormatException(Unknown(path, start[..read]));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static Diagnostic Unknown(string path, ReadOnlySpan<byte> start)
    {
        string? kind = start.StartsWith("makedumpfile"u8) ? "a flattened dump"
            : start.StartsWith("DISKDUMP"u8) ? "an old diskdump"
            : null;
        return new Diagnostic(
            kind is null ? VmcoreDiagnosticIds.UnknownFormat : VmcoreDiagnosticIds.Unsupported,
            kind is null ? $"{path} is not a dump of a known format" : $"{path} is {kind}, which cannot be read yet")
        {
            Where = $"{new FileOffset(0)}",
            Found = start.IsEmpty ? "an empty file" : Convert.ToHexStringLower(start),
            Expected = "an ELF core or a kdump-compressed file",
            Remedy = kind is "a flattened dump" ? "Make it seekable with 'makedumpfile -R' first." : null,
        };
    }
}
