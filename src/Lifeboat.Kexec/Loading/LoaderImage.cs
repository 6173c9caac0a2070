using System.Buffers.Binary;
using Lifeboat.Kexec.Images;

namespace Lifeboat.Kexec.Loading;

/// <summary>What the choice of a call must know of a kernel file.</summary>
/// <param name="Format">What kind of image the kernel is, whatever it came in.</param>
/// <param name="IsBzImage">Whether it is a bzImage, the one kind that kexec_file_load knows on x86-64.</param>
/// <param name="IsSigned">Whether the image itself carries a signature (a certificate table of its PE header); whose is not asked.</param>
public sealed record LoaderImage(string Format, bool IsBzImage, bool IsSigned)
{
    private const int PeOffsetField = 0x3c;
    private const ushort Pe32Plus = 0x20b;

    /// <summary>What there is to know of a file that was opened.</summary>
    public static LoaderImage Of(KernelFile file) =>
        new(file.Image.Format, file.Image is BzImage, HasCertificates(file.ImageBytes.Span));

    /// <summary>
    /// Whether the PE header has a certificate table (Microsoft PE format, optional header, directory 4) that lies in the file.
    /// </summary>
    internal static bool HasCertificates(ReadOnlySpan<byte> file)
    {
        // MZ .. 0x3c: PE header; its signature 4 bytes and COFF header 20, then the optional header: directories at 112.
        const int OptionalHeader = 4 + 20;
        const int CertificateDirectory = OptionalHeader + 112 + (4 * 8);
        if (!file.StartsWith("MZ"u8) || file.Length < PeOffsetField + 4)
        {
            return false;
        }

        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(file[PeOffsetField..]);
        if (offset > file.Length - (CertificateDirectory + 8))
        {
            return false;
        }

        ReadOnlySpan<byte> header = file[(int)offset..];
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(header[CertificateDirectory..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header[(CertificateDirectory + 4)..]);
        return header.StartsWith("PE\0\0"u8)
            && BinaryPrimitives.ReadUInt16LittleEndian(header[OptionalHeader..]) == Pe32Plus
            && length > 0 && start > 0 && (ulong)start + length <= (ulong)file.Length;
    }
}
