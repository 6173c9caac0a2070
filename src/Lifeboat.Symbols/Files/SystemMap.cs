using System.Globalization;
using System.Text;
using Lifeboat.Core;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Vmcore;

namespace Lifeboat.Symbols.Files;

/// <summary>Symbols out of a System.map, a text of lines <c>ffffffff81000000 T _stext</c>, which was made with the kernel.</summary>
/// <remarks>
/// Addresses are those that the kernel was linked for: they are moved by what VMCOREINFO says KASLR moved it (KERNELOFFSET);
/// absolute symbols and those of CPUs' own variables that count from 0 are not. A System.map names no build: what VMCOREINFO
/// says of a few symbols must be what the file says.
/// </remarks>
public static class SystemMap
{
    private const ulong KernelHalf = 1UL << 63;

    // What VMCOREINFO has of every kernel's symbols.
    private static readonly string[] Witnesses = ["_stext", "init_uts_ns", "init_top_pgt"];

    /// <summary>Reads the file of a dump's kernel.</summary>
    /// <param name="path">The file.</param>
    /// <param name="info">What the kernel exported.</param>
    /// <param name="limits">What to believe of it; null for <see cref="DumpLimits.Default"/>.</param>
    /// <exception cref="DumpFormatException">It is no System.map, or one of another kernel.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static KernelSymbols Read(string path, Vmcoreinfo info, DumpLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(info);
        limits ??= DumpLimits.Default;
        using var reader = new StreamReader(path, Encoding.Latin1);
        var addresses = new List<ulong>();
        var types = new List<char>();
        var names = new List<string>();
        ulong moved = info.KernelOffset.Value;
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            if (addresses.Count >= limits.MaxKernelSymbols)
            {
                throw Wrong(path, $"line {line}", "more symbols than any kernel has", $"at most {limits.MaxKernelSymbols}");
            }

            if (!TryParse(text, limits.MaxSymbolNameLength, out ulong address, out char type, out string name))
            {
                throw Wrong(path, $"line {line}", Shown(text), "an address in hex, a letter and a name");
            }

            bool isMoved = address >= KernelHalf && type is not ('A' or 'a');
            addresses.Add(isMoved ? unchecked(address + moved) : address);
            types.Add(type);
            names.Add(name);
        }

        var symbols = new KernelSymbols(new ListedSymbols([.. addresses], [.. types], [.. names]));
        Check(symbols, path, info);
        return symbols;
    }

    /// <summary>Holds symbols to those that VMCOREINFO has.</summary>
    internal static void Check(KernelSymbols symbols, string path, Vmcoreinfo info)
    {
        foreach (string name in Witnesses)
        {
            if (!info.TryGetSymbol(name, out VirtualAddress expected))
            {
                continue;
            }

            bool isFound = symbols.TryFindAddress(name, out VirtualAddress found);
            if (!isFound || found != expected)
            {
                throw new DumpFormatException(
                    new Diagnostic(SymbolsDiagnosticIds.OtherKernel, "the symbols are those of another kernel")
                    {
                        Where = $"{name} in {path}",
                        Found = isFound ? found.ToString() : "nothing",
                        Expected = $"{expected}, as the dump says ({info.OsRelease})",
                        Remedy = "give the file that was built with the dump's kernel",
                    });
            }
        }
    }

    private static bool TryParse(string line, int longestName, out ulong address, out char type, out string name)
    {
        (address, type, name) = (0, '\0', "");
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space is < 1 or > 16 || line.Length < space + 4 || line[space + 2] != ' '
            || !ulong.TryParse(line.AsSpan(0, space), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address))
        {
            return false;
        }

        // A module's name in brackets may follow, as in /proc/kallsyms.
        ReadOnlySpan<char> rest = line.AsSpan(space + 3);
        int end = rest.IndexOfAny(' ', '\t');
        rest = end < 0 ? rest : rest[..end];
        (type, name) = (line[space + 1], rest.ToString());
        return rest.Length is > 0 && rest.Length <= longestName;
    }

    private static string Shown(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "...");

    private static DumpFormatException Wrong(string path, string where, string found, string expected) =>
        new(new Diagnostic(SymbolsDiagnosticIds.DamagedFile, "the file is no System.map")
        {
            Where = $"{where} of {path}",
            Found = found,
            Expected = expected,
        });
}
