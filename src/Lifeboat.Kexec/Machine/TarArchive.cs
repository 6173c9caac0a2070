using System.Globalization;
using System.Text;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Machine;

/// <summary>
/// Reads and writes tar archives in the "ustar" form (POSIX 1003.1-1988), as far as a description of a machine needs it:
/// files and folders, each with a header of 512 bytes and its content in blocks of 512.
/// </summary>
internal static class TarArchive
{
    private const int Block = 512;
    private const int MaxEntries = 1 << 16;
    private const int NameLength = 100;
    private const int PrefixOffset = 345;
    private const int PrefixLength = 155;
    private const int ModeOffset = 100;
    private const int OwnerOffset = 108;
    private const int GroupOffset = 116;
    private const int SizeOffset = 124;
    private const int SizeLength = 12;
    private const int TimeOffset = 136;
    private const int ChecksumOffset = 148;
    private const int ChecksumLength = 8;
    private const int KindOffset = 156;
    private const int MagicOffset = 257;
    private const byte File = (byte)'0';
    private const byte Folder = (byte)'5';

    private static ReadOnlySpan<byte> Magic => "ustar\0"u8;

    /// <summary>The archive of <paramref name="entries"/>; owners are root and times zero.</summary>
    /// <exception cref="ArgumentException">A name is too long.</exception>
    internal static byte[] Write(IReadOnlyList<TarEntry> entries)
    {
        using var stream = new MemoryStream();
        var header = new byte[Block];
        foreach (TarEntry entry in entries)
        {
            WriteHeader(header, entry);
            stream.Write(header);
            stream.Write(entry.Content.Span);
            stream.Write(new byte[Padding(entry.Content.Length)]);
        }

        stream.Write(new byte[2 * Block]);
        return stream.ToArray();
    }

    /// <summary>The files and folders; contents are slices of <paramref name="archive"/>.</summary>
    /// <param name="archive">The whole archive.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="DiagnosticException">It is none, or damaged.</exception>
    internal static IReadOnlyList<TarEntry> Read(ReadOnlyMemory<byte> archive, string name)
    {
        var entries = new List<TarEntry>();
        int position = 0;
        while (position + Block <= archive.Length)
        {
            ReadOnlySpan<byte> header = archive.Span.Slice(position, Block);
            if (!header.ContainsAnyExcept((byte)0))
            {
                return entries;
            }

            if (!header[MagicOffset..].StartsWith(Magic[..5]))
            {
                throw Bad(name, position, "no \"ustar\" at 0x101", "an archive made by lifeboat describe");
            }

            if (!TryParseOctal(header.Slice(ChecksumOffset, ChecksumLength), out long checksum) || checksum != Checksum(header))
            {
                throw Bad(name, position, "a checksum that is wrong", $"0{Convert.ToString(Checksum(header), 8)}");
            }

            if (!TryParseOctal(header.Slice(SizeOffset, SizeLength), out long size) || size > archive.Length - position - Block)
            {
                throw Bad(name, position, "an entry that ends after the file", "a whole archive");
            }

            if (entries.Count == MaxEntries)
            {
                throw Bad(name, position, "more entries than are believed", $"at most {MaxEntries}");
            }

            byte kind = header[KindOffset];
            if (kind is File or Folder or 0)
            {
                entries.Add(new TarEntry(
                    NameOf(header), archive.Slice(position + Block, (int)size), kind == Folder));
            }

            position += Block + (int)size + Padding((int)size);
        }

        throw Bad(name, position, "no end", "two blocks of zeros");
    }

    private static void WriteHeader(Span<byte> header, TarEntry entry)
    {
        header.Clear();
        string name = entry.IsFolder ? entry.Name + "/" : entry.Name;
        int split = 0;
        while (Encoding.UTF8.GetByteCount(name.AsSpan(split)) > NameLength)
        {
            split = name.IndexOf('/', split) + 1;
            if (split <= 0 || split > PrefixLength)
            {
                throw new ArgumentException($"{entry.Name} is too long for an archive", nameof(entry));
            }
        }

        Encoding.UTF8.GetBytes(name.AsSpan(split), header);
        if (split > 0)
        {
            Encoding.UTF8.GetBytes(name.AsSpan(0, split - 1), header.Slice(PrefixOffset, PrefixLength));
        }

        WriteOctal(header.Slice(ModeOffset, 8), entry.IsFolder ? 0x1ED : 0x1A4);
        WriteOctal(header.Slice(OwnerOffset, 8), 0);
        WriteOctal(header.Slice(GroupOffset, 8), 0);
        WriteOctal(header.Slice(SizeOffset, SizeLength), entry.Content.Length);
        WriteOctal(header.Slice(TimeOffset, SizeLength), 0);
        header[KindOffset] = entry.IsFolder ? Folder : File;
        Magic.CopyTo(header[MagicOffset..]);
        "00"u8.CopyTo(header[(MagicOffset + Magic.Length)..]);
        WriteOctal(header.Slice(ChecksumOffset, ChecksumLength - 1), Checksum(header));
        header[ChecksumOffset + ChecksumLength - 1] = (byte)' ';
    }

    /// <summary>The sum of all bytes, those of the checksum itself taken for spaces.</summary>
    private static long Checksum(ReadOnlySpan<byte> header)
    {
        long sum = ChecksumLength * ' ';
        for (int i = 0; i < Block; i++)
        {
            sum += i is >= ChecksumOffset and < ChecksumOffset + ChecksumLength ? 0 : header[i];
        }

        return sum;
    }

    private static void WriteOctal(Span<byte> field, long value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(field.Length - 1, '0'), field);

    private static bool TryParseOctal(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        foreach (byte digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7' || value > int.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    private static string NameOf(ReadOnlySpan<byte> header)
    {
        string name = Text(header[..NameLength]);
        string prefix = Text(header.Slice(PrefixOffset, PrefixLength));
        name = prefix.Length > 0 ? $"{prefix}/{name}" : name;
        return (name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name).Trim('/');
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private static int Padding(int length) => (Block - (length % Block)) % Block;

    private static DiagnosticException Bad(string name, int position, string found, string expected) =>
        new(new Diagnostic(KexecDiagnostics.MachineFileMalformed, "The description of a machine is no archive, or damaged")
        {
            Where = string.Create(CultureInfo.InvariantCulture, $"{name}, offset 0x{position:x}"),
            Found = found,
            Expected = expected,
        });
}
