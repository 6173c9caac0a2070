namespace Lifeboat.Kexec.Images;

/// <summary>Names the kinds of files that are most often given for a kernel by mistake.</summary>
internal static class ImageKinds
{
    /// <summary>Where the headers of arm64 and riscv kernels have their magic.</summary>
    private const int MachineMagic = 0x38;

    /// <summary>What the file is by its content; null when nothing is known of it.</summary>
    internal static string? Name(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            return "an empty file";
        }

        if (OtherMachine(file) is { } kernel)
        {
            return kernel;
        }

        if (PeFile.Matches(file))
        {
            return "an EFI program without a .linux section (a boot loader, an addon?)";
        }

        return file switch
        {
            [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => "an ELF file",
            [(byte)'M', (byte)'Z', _, _, (byte)'z', (byte)'i', (byte)'m', (byte)'g', ..] => "an EFI zboot image",
            [(byte)'M', (byte)'Z', ..] => "a DOS or EFI program",
            [0x1f, 0x8b, ..] => "gzip-compressed data",
            [0xfd, 0x37, 0x7a, 0x58, 0x5a, ..] => "xz-compressed data",
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "zstd-compressed data",
            [0x04, 0x22, 0x4d, 0x18, ..] or [0x02, 0x21, 0x4c, 0x18, ..] => "lz4-compressed data",
            [0x89, (byte)'L', (byte)'Z', (byte)'O', ..] => "lzo-compressed data",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2-compressed data",
            [0x5d, 0x00, 0x00, ..] => "lzma-compressed data",
            [0x30, 0x37, 0x30, 0x37, 0x30, ..] => "a cpio archive (a ramdisk?)",
            [0x27, 0x05, 0x19, 0x56, ..] => "a U-Boot image (uImage)",
            [0xd0, 0x0d, 0xfe, 0xed, ..] => "a device tree or a FIT image",
            [(byte)'h', (byte)'s', (byte)'q', (byte)'s', ..] => "a squashfs file system",
            [(byte)'K', (byte)'D', (byte)'U', (byte)'M', (byte)'P', ..] => "a kdump-compressed memory dump",
            [(byte)'!', (byte)'<', (byte)'a', (byte)'r', (byte)'c', (byte)'h', ..] => "an ar archive (a Debian package?)",
            [0xed, 0xab, 0xee, 0xdb, ..] => "an RPM package",
            [(byte)'#', (byte)'!', ..] => "a script",
            _ => null,
        };
    }

    /// <summary>The name of a Linux kernel for a machine of another kind; null when the file is none.</summary>
    internal static string? OtherMachine(ReadOnlySpan<byte> file)
    {
        if (file.Length < MachineMagic + 4)
        {
            return null;
        }

        ReadOnlySpan<byte> magic = file[MachineMagic..];
        return magic.StartsWith("ARM\x64"u8) ? "an arm64 kernel image"
            : magic.StartsWith("RSC\x05"u8) ? "a riscv kernel image"
            : null;
    }
}
