using Lifeboat.Symbols.Types;

namespace Lifeboat.Kernel.Objects;

/// <summary>Declarations as C writes them: names within types, members of structures.</summary>
internal static class CDeclaration
{
    private const int Deepest = 32;
    private const int MostLines = 10_000;
    private const string Indent = "    ";

    /// <summary>A variable or function of a type, without the semicolon: <c>char comm[16]</c>, <c>int (*read)(void *)</c>.</summary>
    internal static string OfVariable(Btf types, BtfType type, string name) => Declare(types, type, name, Deepest);

    /// <summary>A type's own declaration, a line each.</summary>
    internal static IReadOnlyList<string> OfType(Btf types, BtfType type)
    {
        var lines = new List<string>();
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64:
                AddBody(types, type, "", "", Deepest, lines);
                break;
            case BtfKind.Typedef when IsUnnamedBody(types.TypeById(type.TargetId)):
                AddBody(types, types.TypeById(type.TargetId), "", type.Name, Deepest, lines);
                lines[0] = "typedef " + lines[0];
                break;
            case BtfKind.Typedef:
                lines.Add($"typedef {Declare(types, types.TypeById(type.TargetId), type.Name, Deepest)};");
                break;
            default:
                lines.Add($"{CTypeName.Of(types, type)};");
                break;
        }

        return lines;
    }

    private static bool IsUnnamedBody(BtfType type) =>
        type.Name.Length == 0 && (type.IsStructure || type.Kind is BtfKind.Enum or BtfKind.Enum64);

    private static void AddBody(Btf types, BtfType type, string indent, string name, int depth, List<string> lines)
    {
        string tag = type.Kind switch { BtfKind.Struct => "struct", BtfKind.Union => "union", _ => "enum" };
        lines.Add($"{indent}{tag}{(type.Name.Length > 0 ? " " + type.Name : "")} {{");
        foreach (BtfEnumerator value in type.Enumerators)
        {
            lines.Add($"{indent}{Indent}{value.Name} = {value.Value},");
        }

        foreach (BtfMember member in type.Members)
        {
            if (lines.Count >= MostLines || depth == 0)
            {
                lines.Add($"{indent}{Indent}...");
                break;
            }

            BtfType of = types.TypeById(member.TypeId);
            if (IsUnnamedBody(of))
            {
                AddBody(types, of, indent + Indent, member.Name, depth - 1, lines);
            }
            else
            {
                string bits = member.IsBitField ? $" : {member.BitSize}" : "";
                lines.Add($"{indent}{Indent}{Declare(types, of, member.Name, depth)}{bits};");
            }
        }

        lines.Add($"{indent}}}{(name.Length > 0 ? " " + name : "")};");
    }

    // From the name outwards: what is pointed to and is an array or a function wants brackets round the star.
    private static string Declare(Btf types, BtfType type, string name, int depth)
    {
        if (depth == 0)
        {
            return $"... {name}";
        }

        BtfType target = types.TypeById(type.TargetId);
        return type.Kind switch
        {
            BtfKind.Pointer when target.Kind is BtfKind.Array or BtfKind.FunctionPrototype =>
                Declare(types, target, $"(*{name})", depth - 1),
            BtfKind.Pointer => Declare(types, target, $"*{name}", depth - 1),
            BtfKind.Array => Declare(types, target, $"{name}[{type.ElementCount}]", depth - 1),
            BtfKind.FunctionPrototype => Declare(types, target, $"{name}({Parameters(types, type, depth)})", depth - 1),
            BtfKind.Const when target.Kind == BtfKind.Pointer => Declare(types, target, $" const {name}", depth - 1),
            BtfKind.Volatile when target.Kind == BtfKind.Pointer => Declare(types, target, $" volatile {name}", depth - 1),
            BtfKind.Const => "const " + Declare(types, target, name, depth - 1),
            BtfKind.Volatile => "volatile " + Declare(types, target, name, depth - 1),
            BtfKind.Restrict or BtfKind.TypeTag => Declare(types, target, name, depth - 1),
            _ => CTypeName.Of(types, type) + (name.Length > 0 ? " " + name : ""),
        };
    }

    private static string Parameters(Btf types, BtfType prototype, int depth)
    {
        var parameters = new List<string>();
        foreach (BtfParameter parameter in prototype.Parameters)
        {
            // The last one of type 0 stands for any more.
            parameters.Add(parameter.TypeId == 0 ? "..."
                : Declare(types, types.TypeById(parameter.TypeId), parameter.Name, depth - 1));
        }

        return parameters.Count == 0 ? "void" : string.Join(", ", parameters);
    }
}
