using System.Text;

namespace Lifeboat.Kexec.Images;

/// <summary>Finds what a Linux kernel calls itself in its log's first line (linux_banner).</summary>
internal static class KernelBanner
{
    private const int LongestLine = 512;

    private static ReadOnlySpan<byte> Start => "Linux version "u8;

    /// <summary>The version as a bzImage's header has it, <c>RELEASE (BUILDER) VERSION</c>; null when there is none.</summary>
    internal static string? Find(IReadOnlyList<ImagePart> parts)
    {
        foreach (ImagePart part in parts)
        {
            ReadOnlySpan<byte> rest = part.Content.Span;
            for (int at; (at = rest.IndexOf(Start)) >= 0;)
            {
                rest = rest[(at + Start.Length)..];
                if (Read(rest) is { } version)
                {
                    return version;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Leaves the compiler out, which stands between builder and version: what is left equals the version of the
    /// bzImage that was made of this kernel.
    /// </summary>
    private static string? Read(ReadOnlySpan<byte> text)
    {
        int length = text[..Math.Min(text.Length, LongestLine)].IndexOf((byte)'\n');
        if (length <= 0 || !char.IsAsciiDigit((char)text[0]))
        {
            return null;
        }

        string line = Encoding.Latin1.GetString(text[..length]);
        int builder = line.IndexOf(')', StringComparison.Ordinal);
        int version = line.IndexOf(" #", StringComparison.Ordinal);

        // Since 6.1 there is a second banner, of an earlier step of the build, whose version has no number yet: "# SMP".
        return builder > 0 && version > builder && version + 2 < line.Length && line[version + 2] != ' '
            ? line[..(builder + 1)] + line[version..]
            : null;
    }
}
