using System.Buffers.Binary;
using System.Text;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Entries.Loader;

/// <summary>What a unified kernel image says of itself for a menu: its section <c>.osrel</c>, an os-release file.</summary>
/// <remarks>Only the beginning of the file is read, where the small sections lie; what is not there is not known.</remarks>
internal sealed record UnifiedImageInfo(string? Title, string? Version, string? SortKey)
{
    private const int StartBytes = 1 << 20;
    private const int PeOffsetField = 0x3c;
    private const int FileHeaderSize = 24;
    private const int SectionSize = 40;
    private const int MaxSections = 96;
    private const int MaxTextBytes = 64 << 10;

    /// <summary>Reads one; null when the file is no image with a kernel in it.</summary>
    internal static UnifiedImageInfo? TryRead(SystemTree tree, string path)
    {
        ReadOnlySpan<byte> bytes = tree.TryReadStart(path, StartBytes).Span;
        if (bytes.Length < 0x40 || !bytes.StartsWith("MZ"u8))
        {
            return null;
        }

        uint header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[PeOffsetField..]);
        if (header > bytes.Length - FileHeaderSize || !bytes[(int)header..].StartsWith("PE\0\0"u8))
        {
            return null;
        }

        ReadOnlySpan<byte> pe = bytes[(int)header..];
        int count = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(pe[6..]), MaxSections);
        int table = FileHeaderSize + BinaryPrimitives.ReadUInt16LittleEndian(pe[20..]);
        bool hasKernel = false;
        string release = "";
        for (int i = 0; i < count && table + ((i + 1) * SectionSize) <= pe.Length; i++)
        {
            ReadOnlySpan<byte> section = pe.Slice(table + (i * SectionSize), SectionSize);
            hasKernel |= section.StartsWith(".linux\0"u8);
            if (section.StartsWith(".osrel\0"u8) && release.Length == 0)
            {
                // The size in memory is exact, that in the file is rounded up.
                uint size = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(section[8..]), BinaryPrimitives.ReadUInt32LittleEndian(section[16..]));
                uint offset = BinaryPrimitives.ReadUInt32LittleEndian(section[20..]);
                release = size <= MaxTextBytes && offset <= bytes.Length - size
                    ? Encoding.UTF8.GetString(bytes.Slice((int)offset, (int)size)).TrimEnd('\0') : "";
            }
        }

        return hasKernel ? Of(release) : null;
    }

    private static UnifiedImageInfo Of(string release)
    {
        string? Value(string key)
        {
            foreach (string line in release.Split('\n'))
            {
                if (line.StartsWith(key, StringComparison.Ordinal) && line.Length > key.Length && line[key.Length] == '=')
                {
                    string value = line[(key.Length + 1)..].Trim().Trim('"', '\'');
                    return value.Length == 0 ? null : value;
                }
            }

            return null;
        }

        return new UnifiedImageInfo(
            Value("PRETTY_NAME") ?? Value("IMAGE_ID") ?? Value("NAME") ?? Value("ID"),
            Value("IMAGE_VERSION") ?? Value("VERSION") ?? Value("VERSION_ID") ?? Value("BUILD_ID"),
            Value("IMAGE_ID") ?? Value("ID"));
    }
}
