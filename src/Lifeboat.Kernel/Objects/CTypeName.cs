using Lifeboat.Symbols.Types;

namespace Lifeboat.Kernel.Objects;

/// <summary>Types as C writes them, and such names taken apart.</summary>
internal static class CTypeName
{
    private const int Deepest = 32;

    // BTF has the compiler's spelling of the basic types; these are what people write.
    private static readonly Dictionary<string, string> Spellings = new(StringComparer.Ordinal)
    {
        ["unsigned"] = "unsigned int",
        ["unsigned long"] = "long unsigned int",
        ["long"] = "long int",
        ["unsigned long long"] = "long long unsigned int",
        ["long long"] = "long long int",
        ["unsigned short"] = "short unsigned int",
        ["short"] = "short int",
        ["bool"] = "_Bool",
    };

    /// <summary>The name of a type without a declarator: <c>struct list_head *</c>, <c>char [16]</c>.</summary>
    internal static string Of(Btf types, BtfType type) => Of(types, type, Deepest);

    /// <summary>Takes a name apart: what is named, of which kinds it can be, and how many pointers are put on it.</summary>
    internal static (string Name, BtfKind[] Kinds, int Pointers) Parse(string text)
    {
        string name = text.Trim();
        int pointers = 0;
        while (name.EndsWith('*'))
        {
            pointers++;
            name = name[..^1].TrimEnd();
        }

        foreach ((string word, BtfKind kind) in ((string, BtfKind)[])[
            ("struct ", BtfKind.Struct), ("union ", BtfKind.Union), ("enum ", BtfKind.Enum)])
        {
            if (name.StartsWith(word, StringComparison.Ordinal))
            {
                BtfKind[] named = kind == BtfKind.Enum ? [BtfKind.Enum, BtfKind.Enum64] : [kind];
                return (name[word.Length..].Trim(), named, pointers);
            }
        }

        return (
            Spellings.GetValueOrDefault(name, name),
            [BtfKind.Struct, BtfKind.Typedef, BtfKind.Int, BtfKind.Union, BtfKind.Enum, BtfKind.Enum64],
            pointers);
    }

    private static string Of(Btf types, BtfType type, int depth)
    {
        if (depth == 0)
        {
            return "...";
        }

        string Target() => Of(types, types.TypeById(type.TargetId), depth - 1);
        return type.Kind switch
        {
            BtfKind.Void => "void",
            BtfKind.Struct => Tagged("struct", type),
            BtfKind.Union => Tagged("union", type),
            BtfKind.Enum or BtfKind.Enum64 => Tagged("enum", type),
            BtfKind.Forward => $"struct {type.Name}",
            BtfKind.Pointer => Target() is var target && target.EndsWith('*') ? target + "*"
                : target.EndsWith(')') ? target.Replace("(", "(*)(", StringComparison.Ordinal) : target + " *",
            BtfKind.Array => Target() is var element && element.EndsWith(']') && element.IndexOf(" [", StringComparison.Ordinal) is var at
                ? $"{element[..(at + 1)]}[{type.ElementCount}]{element[(at + 1)..]}"
                : $"{element} [{type.ElementCount}]",
            BtfKind.Volatile => "volatile " + Target(),
            BtfKind.Const => "const " + Target(),
            BtfKind.Restrict or BtfKind.TypeTag => Target(),
            BtfKind.FunctionPrototype => Prototype(types, type, Target(), depth),
            _ => type.Name,
        };
    }

    private static string Tagged(string word, BtfType type) => type.Name.Length == 0 ? $"{word} {{...}}" : $"{word} {type.Name}";

    private static string Prototype(Btf types, BtfType type, string returned, int depth)
    {
        var parameters = new List<string>();
        foreach (BtfParameter parameter in type.Parameters)
        {
            // The last one of type 0 stands for any more.
            parameters.Add(parameter.TypeId == 0 ? "..." : Of(types, types.TypeById(parameter.TypeId), depth - 1));
        }

        return $"{returned} ({(parameters.Count == 0 ? "void" : string.Join(", ", parameters))})";
    }
}
