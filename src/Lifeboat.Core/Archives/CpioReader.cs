using System.Text;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Core.Archives;

/// <summary>Lists the entries of a cpio archive in the "newc" form.</summary>
public static class CpioReader
{
    private const int MaxNameSize = 4096;
    private const int MaxEntries = 1 << 20;

    /// <summary>The entries in the archive's order; contents are slices of <paramref name="archive"/>.</summary>
    /// <param name="archive">The whole archive.</param>
    /// <param name="name">What to call it in messages: its path; null when it has none.</param>
    /// <exception cref="DiagnosticException">The archive is damaged or has no end.</exception>
    public static IReadOnlyList<CpioEntry> Read(ReadOnlyMemory<byte> archive, string? name = null)
    {
        var entries = new List<CpioEntry>();
        int position = 0;
        while (entries.Count < MaxEntries)
        {
            if (!CpioHeader.TryParse(archive.Span[position..], out CpioHeader? parsed))
            {
                throw Bad(name, position, "no header where one has to be", "070701 and thirteen numbers in hex");
            }

            CpioHeader header = parsed.Value;
            if (header.NameSize is 0 or > MaxNameSize)
            {
                throw Bad(name, position, $"a name of {header.NameSize} bytes", $"1 to {MaxNameSize}");
            }

            long nameStart = position + (long)CpioHeader.Size;
            long contentStart = AlignUp(nameStart + header.NameSize);
            long contentEnd = contentStart + header.FileSize;
            if (contentEnd > archive.Length)
            {
                throw Bad(name, position, $"an entry that ends at 0x{contentEnd:x}", $"at most 0x{archive.Length:x}");
            }

            ReadOnlySpan<byte> path = archive.Span.Slice((int)nameStart, (int)header.NameSize);
            if (path.IndexOf((byte)0) != path.Length - 1)
            {
                throw Bad(name, position, "a name whose NUL is not its last byte", "NUL at the end and nowhere else");
            }

            string text = Encoding.UTF8.GetString(path[..^1]);
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

        throw Bad(name, position, "more entries than are believed", $"at most {MaxEntries}");
    }

    private static long AlignUp(long value) => (value + 3) & ~3L;

    private static DiagnosticException Bad(string? name, int position, string found, string expected) =>
        new(new Diagnostic(CoreDiagnostics.BadArchive, "The cpio archive is damaged")
        {
            Where = name is null ? $"offset 0x{position:x}" : $"{name}, offset 0x{position:x}",
            Found = found,
            Expected = expected,
        });
}
