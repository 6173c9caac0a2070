using Lifeboat.Core.Compression;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Modules;

/// <summary>Reads the file of a module, decompressed when its name says that it is compressed.</summary>
public static class ModuleFile
{
    // The largest module of a Debian kernel has 11 MiB.
    private const int MaxLength = 128 << 20;

    /// <summary>The module, decompressed.</summary>
    /// <exception cref="DiagnosticException">The file is too large or damaged, or no ELF64 file.</exception>
    public static byte[] Read(string path)
    {
        var file = new FileInfo(path);
        if (file.Length > MaxLength)
        {
            throw Bad(path, $"{file.Length} bytes", $"at most {MaxLength}");
        }

        byte[] bytes = File.ReadAllBytes(path);
        byte[]? content = Path.GetExtension(path) switch
        {
            ".xz" => XzArchive.Decompress(bytes, MaxLength),
            ".zst" => ZstdArchive.Decompress(bytes, MaxLength),
            ".gz" => GzipArchive.Decompress(bytes, MaxLength),
            _ => bytes,
        };
        if (content is null)
        {
            throw Bad(path, "damaged compressed data", $"a whole {Path.GetExtension(path)} file");
        }

        return ElfSections.IsElf64(content) ? content : throw Bad(path, "no ELF64 file", "a kernel module");
    }

    private static DiagnosticException Bad(string path, string found, string expected) =>
        new(new Diagnostic(CaptureDiagnostics.BadModule, "A kernel module cannot be read")
        {
            Where = path,
            Found = found,
            Expected = expected,
            Remedy = "Reinstall the kernel's package, or unpack it again",
        });
}
