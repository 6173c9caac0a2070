using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Erasing;

/// <summary>What to erase in a dump: the words of a line.</summary>
/// <remarks>
/// <code>
/// keys | user                                               several sets
/// keyring | crypto | pipes ...                              a set (<see cref="EraseSets"/>)
/// symbol NAME[.MEMBER...] [as TYPE] [size SIZE]             a global variable, or what a path from it leads to
/// type TYPE.MEMBER[...] in list HEAD[.MEMBER...] by MEMBER [size SIZE]
/// type TYPE.MEMBER[...] in tree ROOT[.MEMBER...] by MEMBER [size SIZE]
/// type TYPE.MEMBER[...] in cache NAME [size SIZE]
/// </code>
/// A path goes through pointers; one that ends at a pointer means what it points to, of a <c>char *</c> the text. SIZE is a
/// number of bytes, with K or M, or a path from the same object to a number.
/// </remarks>
public sealed class EraseDirective
{
    private EraseDirective(string text) => Text = text;

    /// <summary>The words, with one blank between them.</summary>
    public string Text { get; }

    /// <summary>The set, or several, that it names; null when it names an object.</summary>
    public string? Set { get; private init; }

    /// <summary>How its object or objects are reached.</summary>
    public EraseRootKind Root { get; private init; }

    /// <summary>The variable that is the object, or the list's or tree's, with a path; or the name of the cache.</summary>
    public string RootName { get; private init; } = "";

    /// <summary>The type of the object; null when it is that of the variable, if it is known.</summary>
    public string? Type { get; private init; }

    /// <summary>The member that links the objects of a list or tree.</summary>
    public string By { get; private init; } = "";

    /// <summary>The path to what is erased; empty for the object itself.</summary>
    public string Path { get; private init; } = "";

    /// <summary>Bytes to erase; null when the type says so.</summary>
    public ulong? Size { get; private init; }

    /// <summary>A path from the object to the number of bytes; null for none.</summary>
    public string? SizePath { get; private init; }

    /// <summary>Reads the words of a directive, without the word <c>erase</c>.</summary>
    /// <returns>False when they are none.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out EraseDirective? directive)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        directive = words switch
        {
            [var set] when EraseSets.IsKnown(set) => new EraseDirective(set) { Set = set },
            ["symbol", var name, .. var rest] => OfSymbol(words, name, rest),
            ["type", var path, "in", var kind, var root, .. var rest] => OfType(words, path, kind, root, rest),
            _ => null,
        };
        return directive is not null;
    }

    /// <summary>The words.</summary>
    public override string ToString() => Text;

    private static EraseDirective? OfSymbol(string[] words, string name, string[] rest)
    {
        (string root, string path) = Cut(name);
        return TryReadEnd(rest, "as", out string? type, out ulong? size, out string? sizePath) && IsPath(name)
            ? new EraseDirective(string.Join(' ', words))
            {
                Root = EraseRootKind.Symbol,
                RootName = root,
                Path = path,
                Type = type,
                Size = size,
                SizePath = sizePath,
            }
            : null;
    }

    private static EraseDirective? OfType(string[] words, string path, string kind, string root, string[] rest)
    {
        EraseRootKind? how = kind switch
        {
            "list" => EraseRootKind.List,
            "tree" => EraseRootKind.Tree,
            "cache" => EraseRootKind.Cache,
            _ => null,
        };
        (string type, string member) = Cut(path);
        return how is { } found && IsPath(path) && member.Length > 0 && (found == EraseRootKind.Cache || IsPath(root))
            && TryReadEnd(rest, "by", out string? by, out ulong? size, out string? sizePath)
            && by is null == (found == EraseRootKind.Cache) && (by is null || IsPath(by))
            ? new EraseDirective(string.Join(' ', words))
            {
                Root = found,
                RootName = root,
                Type = type,
                Path = member,
                By = by ?? "",
                Size = size,
                SizePath = sizePath,
            }
            : null;
    }

    private static bool TryReadEnd(string[] words, string key, out string? value, out ulong? size, out string? sizePath)
    {
        (value, size, sizePath) = (null, null, null);
        int next = 0;
        if (words.Length >= 2 && words[0] == key)
        {
            (value, next) = (words[1], 2);
        }

        if (words.Length == next + 2 && words[next] == "size")
        {
            string text = words[next + 1];
            size = ByteCount.TryParse(text, out ByteCount bytes) && bytes.Value > 0 ? bytes.Value : null;
            sizePath = size is null && IsPath(text) && !char.IsAsciiDigit(text[0]) ? text : null;
            return size is not null || sizePath is not null;
        }

        return words.Length == next;
    }

    private static (string Root, string Path) Cut(string path)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);
    }

    private static bool IsPath(string text)
    {
        foreach (string part in text.Split('.'))
        {
            if (part.Length == 0)
            {
                return false;
            }

            foreach (char character in part)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character is not '_')
                {
                    return false;
                }
            }
        }

        return text.Length <= 200;
    }
}
