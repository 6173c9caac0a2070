namespace Lifeboat.Kexec.Images;

/// <summary>Names the kinds of files that are most often given for a kernel by mistake.</summary>
internal static class ImageKinds
{
    /// <summary>What the file is by its content; null when nothing is known of it.</summary>
    internal static string? Name(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            return "an empty file";
        }

        if (file.StartsWith("\x7f"u8) && file.Slice(1).StartsWith("ELF"u8))
        {
            return "an ELF file (a vmlinux is not loaded, its bzImage is)";
        }

        if (file.Length >= 0x40 && file[0x38..].StartsWith("ARM\x64"u8))
        {
            return "an arm64 kernel image";
        }

        if (file.StartsWith("MZ"u8) && file.Length > 8 && file[4..].StartsWith("zimg"u8))
        {
            return "an EFI zboot image";
        }

        return file switch
        {
            [0x1f, 0x8b, ..] => "gzip-compressed data",
            [0xfd, 0x37, 0x7a, 0x58, 0x5a, ..] => "xz-compressed data",
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd-compressed data",
            [0x30, 0x37, 0x30, 0x37, 0x30, ..] => "a cpio archive (a ramdisk?)",
            _ => null,
        };
    }
}
