using System.Buffers.Binary;
using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Images;

/// <summary>
/// An EFI zboot image: a small EFI program that holds a whole compressed kernel. Source:
/// drivers/firmware/efi/libstub/zboot-header.S.
/// </summary>
/// <remarks>
/// <code>
/// 0x00 "MZ"   0x04 "zimg"   0x08 u32 payload's offset   0x0c u32 payload's size   0x18 compression, NUL-ended
/// </code>
/// </remarks>
internal static class ZbootImage
{
    private const int PayloadOffsetField = 0x08;
    private const int PayloadSizeField = 0x0c;
    private const int CompressionField = 0x18;
    private const int HeaderSize = 0x40;

    /// <summary>Whether the file says that it is one.</summary>
    internal static bool Matches(ReadOnlySpan<byte> file) =>
        file.StartsWith("MZ"u8) && file.Length > 8 && file[4..].StartsWith("zimg"u8);

    /// <summary>The kernel inside.</summary>
    /// <exception cref="DiagnosticException">A field is wrong, or the compression is one that is not done.</exception>
    internal static byte[] Unpack(ReadOnlySpan<byte> file, string name, DumpLimits limits)
    {
        if (file.Length < HeaderSize)
        {
            throw ImageRefusal.Truncated(
                "The EFI zboot image ends in its header", name, $"{file.Length} bytes", $"at least {HeaderSize}");
        }

        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(file[PayloadOffsetField..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(file[PayloadSizeField..]);
        if (offset < HeaderSize || offset >= file.Length)
        {
            throw ImageRefusal.Damaged("The compressed kernel of the EFI zboot image lies outside the file",
                $"{name}, payload offset at 0x8", $"0x{offset:x}", $"from 0x{HeaderSize:x} to 0x{file.Length - 1:x}");
        }

        if (size == 0 || size > file.Length - offset)
        {
            throw ImageRefusal.Truncated("The compressed kernel of the EFI zboot image reaches past the file",
                $"{name}, payload size at 0xc", $"0x{size:x}", $"from 1 to 0x{file.Length - offset:x}");
        }

        ReadOnlySpan<byte> field = file[CompressionField..0x38];
        int end = field.IndexOf((byte)0);
        string type = Encoding.Latin1.GetString(end < 0 ? field : field[..end]);
        string format = type switch
        {
            "gzip" => "gzip",
            "zstd" or "zstd22" => "zstd",
            "xz" or "xzkern" => "xz",
            "lzma" => "lzma",
            _ => throw ImageRefusal.Unsuitable("The EFI zboot image is compressed in a way that is not done",
                $"{name}, compression type at 0x18", $"\"{type}\"", "gzip, zstd, xz or lzma",
                "Build the kernel with CONFIG_KERNEL_ZSTD=y, or give the kernel that is inside"),
        };
        return CompressedFile.Unpack(format, file.Slice((int)offset, (int)size), $"{name}, payload at 0x{offset:x}", limits);
    }
}
