using System.Text;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>Lists the entries of a cpio archive in the "newc" form.</summary>
public static class CpioReader
{
    private const int MaxNameSize = 4096;
    private const int MaxEntries = 1 << 20;

    /// <summary>The entries in the archive's order; contents are slices of <paramref name="archive"/>.</summary>
    /// <exception cref="DiagnosticException">The archive is damaged or has no end.</exception>
    public static IReadOnlyList<CpioEntry> Read(ReadOnlyMemory<byte> archive)
    {
        var entries = new List<CpioEntry>();
        int position = 0;
        while (entries.Count < MaxEntries)
        {
            if (!CpioHeader.TryParse(archive.Span[position..], out CpioHeader? parsed))
            {
                throw Bad(position, "no header where one has to be", "070701 and thirteen numbers in hex");
            }

            CpioHeader header = parsed.Value;
            if (header.NameSize is 0 or > MaxNameSize)
            {
                throw Bad(position, $"a name of {header.NameSize} bytes", $"1 to {MaxNameSize}");
            }

            long nameStart = position + (long)CpioHeader.Size;
            long contentStart = AlignUp(nameStart + header.NameSize);
            long contentEnd = contentStart + header.FileSize;
            if (contentEnd > archive.Length)
            {
                throw Bad(position, $"an entry that ends at 0x{contentEnd:x}", $"at most 0x{archive.Length:x}");
            }

            ReadOnlySpan<byte> name = archive.Span.Slice((int)nameStart, (int)header.NameSize);
            if (name.IndexOf((byte)0) != name.Length - 1)
            {
                throw Bad(position, "a name whose NUL is not its last byte", "NUL at the end and nowhere else");
            }

            string text = Encoding.UTF8.GetString(name[..^1]);
            if (text == CpioHeader.TrailerName)
            {
                return entries;
            }

            entries.Add(new CpioEntry(
                text, unchecked((int)header.Mode), archive.Slice((int)contentStart, (int)header.FileSize))
            {
                NodeMajor = unchecked((int)header.NodeMajor),
                NodeMinor = unchecked((int)header.NodeMinor),
            });
            position = (int)Math.Min(AlignUp(contentEnd), archive.Length);
        }

        throw Bad(position, "more entries than are believed", $"at most {MaxEntries}");
    }

    private static long AlignUp(long value) => (value + 3) & ~3L;

    private static DiagnosticException Bad(int position, string found, string expected) =>
        new(new Diagnostic(CaptureDiagnostics.BadArchive, "The cpio archive is damaged")
        {
            Where = $"offset 0x{position:x}",
            Found = found,
            Expected = expected,
        });
}
