using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Writes EFI programs with sections, padded to 512 bytes as linkers do.</summary>
internal static class PeWriter
{
    internal const int SectionTable = 0x80 + 24 + 240;

    private const int FileAlignment = 512;
    private const int SectionHeaderSize = 40;

    internal static byte[] Write(params IReadOnlyList<(string Name, byte[] Content)> sections)
    {
        int end = Align(SectionTable + (sections.Count * SectionHeaderSize));
        var file = new byte[end + sections.Sum(section => Align(section.Content.Length))];
        "MZ"u8.CopyTo(file);
        Put32(file, 0x3c, 0x80);
        "PE\0\0"u8.CopyTo(file.AsSpan(0x80));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x84), 0x8664);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x86), (ushort)sections.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x94), 240);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x98), 0x20b);
        for (int i = 0; i < sections.Count; i++)
        {
            (string name, byte[] content) = sections[i];
            int at = SectionTable + (i * SectionHeaderSize);
            Encoding.ASCII.GetBytes(name).CopyTo(file, at);
            Put32(file, at + 8, content.Length);
            Put32(file, at + 12, 0x10000 * (i + 1));
            Put32(file, at + 16, Align(content.Length));
            Put32(file, at + 20, end);
            content.CopyTo(file, end);
            end += Align(content.Length);
        }

        return file;
    }

    /// <summary>An EFI zboot image.</summary>
    internal static byte[] Zboot(string compression, byte[] payload)
    {
        var file = new byte[0x200 + payload.Length + 4];
        "MZ\0\0zimg"u8.CopyTo(file);
        Put32(file, 8, 0x200);
        Put32(file, 12, payload.Length);
        Encoding.ASCII.GetBytes(compression).CopyTo(file, 0x18);
        payload.CopyTo(file, 0x200);
        return file;
    }

    private static int Align(int size) => (size + FileAlignment - 1) & ~(FileAlignment - 1);

    private static void Put32(byte[] file, int at, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
}
