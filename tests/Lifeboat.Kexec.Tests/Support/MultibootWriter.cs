using System.Buffers.Binary;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>Writes Multiboot headers and kernels.</summary>
internal static class MultibootWriter
{
    /// <summary>A header of version 1, its checksum right, then <paramref name="more"/> fields.</summary>
    internal static byte[] Header1(uint flags, params IReadOnlyList<uint> more) =>
        Words([0x1badb002, flags, unchecked(0 - 0x1badb002u - flags), .. more]);

    /// <summary>A header of version 2 with its tags, each padded to 8 bytes, and the ending tag.</summary>
    internal static byte[] Header2(params IReadOnlyList<byte[]> tags)
    {
        byte[] all = [.. tags.SelectMany(tag => (byte[])[.. tag, .. new byte[-tag.Length & 7]]), .. Tag(0)];
        uint length = (uint)(16 + all.Length);
        return [.. Words([0xe85250d6, 0, length, unchecked(0 - 0xe85250d6u - length)]), .. all];
    }

    /// <summary>A tag of a header of version 2.</summary>
    internal static byte[] Tag(ushort type, params IReadOnlyList<uint> content) => Tag(type, 0, content);

    /// <summary>A tag that a loader may pass over.</summary>
    internal static byte[] OptionalTag(ushort type, params IReadOnlyList<uint> content) => Tag(type, 1, content);

    /// <summary>A kernel that is no ELF file: a header at 0x20 that loads all of the file at 1 MiB, and 256 bytes of zeroes.</summary>
    internal static byte[] Flat(uint entry = 0x100100)
    {
        byte[] file = TestPlans.Bytes(0x1800);
        Header1(0x10003, 0x100020, 0x100000, 0x101800, 0x101900, entry).CopyTo(file, 0x20);
        return file;
    }

    /// <summary>An ELF kernel of 32 or 64 bit, linked to 1 MiB, whose second segment begins within the first one's last page.</summary>
    internal static byte[] Elf(byte[] header, bool wide = false)
    {
        byte[] text = TestPlans.Bytes(0x1234);
        header.CopyTo(text, 0x10);
        return new ElfWriter
        {
            Wide = wide,
            Machine = (ushort)(wide ? 62 : 3),
            Entry = 0xc0100200,
            Segments =
            [
                new(0x1000, 0x100000, 0xc0100000, text, 0x1234),
                new(0x2800, 0x101800, 0xc0101800, TestPlans.Bytes(0x1000), 0x5000),
            ],
        }.Write();
    }

    private static byte[] Tag(ushort type, ushort flags, IReadOnlyList<uint> content) =>
        Words([type | ((uint)flags << 16), (uint)(8 + (4 * content.Count)), .. content]);

    private static byte[] Words(IReadOnlyList<uint> words)
    {
        var bytes = new byte[words.Count * 4];
        for (int i = 0; i < words.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), words[i]);
        }

        return bytes;
    }
}
