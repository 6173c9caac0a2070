using System.Text;

namespace Lifeboat.Capture.Modules;

/// <summary>What a kernel module says of itself in its .modinfo section: <c>key=value</c> strings.</summary>
/// <param name="Dependencies">Modules whose symbols it uses (<c>depends=</c>); they must be loaded before it.</param>
/// <param name="SoftBefore">Names and aliases that should be loaded before it (<c>softdep=pre:</c>).</param>
/// <param name="SoftAfter">Names and aliases that should be loaded after it (<c>softdep=post:</c>).</param>
/// <param name="Aliases">Other names it answers to (<c>alias=</c>).</param>
internal sealed record ModuleInfo(
    IReadOnlyList<string> Dependencies,
    IReadOnlyList<string> SoftBefore,
    IReadOnlyList<string> SoftAfter,
    IReadOnlyList<string> Aliases)
{
    private const int MaxStrings = 1 << 16;

    /// <summary>The release of the kernel that it was built for, the first word of <c>vermagic=</c>; null when it does not say.</summary>
    internal string? KernelRelease { get; private init; }

    /// <summary>Files that it may ask the kernel for (<c>firmware=</c>), as paths below <c>/lib/firmware</c>.</summary>
    internal IReadOnlyList<string> Firmware { get; private init; } = [];

    /// <summary>Reads the information of a module, decompressed; null when it has none or is no ELF64 file.</summary>
    internal static ModuleInfo? TryRead(ReadOnlySpan<byte> module)
    {
        if (!ElfSections.TryFind(module, ".modinfo"u8, out ReadOnlySpan<byte> section))
        {
            return null;
        }

        List<string> dependencies = [], before = [], after = [], aliases = [], firmware = [];
        string? release = null;
        for (int count = 0; !section.IsEmpty && count < MaxStrings; count++)
        {
            int end = section.IndexOf((byte)0);
            ReadOnlySpan<byte> line = end < 0 ? section : section[..end];
            section = end < 0 ? default : section[(end + 1)..];
            if (line.StartsWith("depends="u8))
            {
                dependencies.AddRange(Names(line["depends=".Length..], ','));
            }
            else if (line.StartsWith("softdep="u8))
            {
                ReadSoftDependencies(Names(line["softdep=".Length..], ' '), before, after);
            }
            else if (line.StartsWith("vermagic="u8))
            {
                release = Encoding.UTF8.GetString(line["vermagic=".Length..]).Split(' ', 2)[0];
            }
            else if (line.StartsWith("firmware="u8))
            {
                string name = Encoding.UTF8.GetString(line["firmware=".Length..]);
                if (IsPath(name))
                {
                    firmware.Add(name);
                }
            }
            else if (line.StartsWith("alias="u8))
            {
                aliases.Add(Encoding.UTF8.GetString(line["alias=".Length..]));
            }
        }

        return new ModuleInfo(dependencies, before, after, aliases) { KernelRelease = release, Firmware = firmware };
    }

    /// <summary>Sorts the words of a soft dependency, <c>pre: a b post: c</c>, into its two lists.</summary>
    internal static void ReadSoftDependencies(IEnumerable<string> words, List<string> before, List<string> after)
    {
        List<string>? current = null;
        foreach (string word in words)
        {
            if (word is "pre:" or "post:")
            {
                current = word == "pre:" ? before : after;
            }
            else
            {
                current?.Add(word);
            }
        }
    }

    // One that stays below its folder; patterns stand for whatever a card asks for, and are nobody's name.
    private static bool IsPath(string name)
    {
        foreach (string part in name.Split('/'))
        {
            if (part is "" or "." or ".." || part.AsSpan().ContainsAny('*', '?', '['))
            {
                return false;
            }
        }

        return true;
    }

    // A name with a slash is no module's; a hostile file's is dropped here.
    private static IEnumerable<string> Names(ReadOnlySpan<byte> list, char separator) =>
        Encoding.UTF8.GetString(list)
            .Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(name => !name.Contains('/'));
}
