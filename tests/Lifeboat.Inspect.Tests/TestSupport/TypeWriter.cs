using System.Globalization;
using System.Text.RegularExpressions;
using Lifeboat.Symbols.Tests.TestSupport;
using Lifeboat.Symbols.Types;

namespace Lifeboat.Inspect.Tests.TestSupport;

/// <summary>Writes BTF from members as C declares them; offsets are those of a compiler for 64 bits.</summary>
internal sealed partial class TypeWriter
{
    private readonly List<(BtfKind Kind, string Name, string[] Members)> _types = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Size, int Alignment)> _sizes = new(StringComparer.Ordinal);

    /// <summary>Members are <c>struct list_head *next</c>, <c>char comm[16]</c>, <c>unsigned int on:1</c>.</summary>
    internal TypeWriter Struct(string name, params string[] members)
    {
        _types.Add((BtfKind.Struct, name, members));
        return this;
    }

    internal TypeWriter Variable(string name, string type)
    {
        _types.Add((BtfKind.Variable, name, [type]));
        return this;
    }

    internal TypeWriter Alias(string name, string type)
    {
        _types.Add((BtfKind.Typedef, name, [type]));
        return this;
    }

    internal byte[] Write()
    {
        // Types refer to later ones: the first pass finds their numbers.
        _ = WriteOnce();
        return WriteOnce();
    }

    [GeneratedRegex(@"^(?<type>.*?[ \*])(?<name>\w+)(\[(?<count>\d+)\])?(:(?<bits>\d+))?$")]
    private static partial Regex Declaration();

    private byte[] WriteOnce()
    {
        var writer = new BtfWriter();
        foreach ((string name, int size, bool isSigned) in (ReadOnlySpan<(string, int, bool)>)[
            ("char", 1, true), ("unsigned char", 1, false), ("int", 4, true), ("unsigned int", 4, false),
            ("long int", 8, true), ("long unsigned int", 8, false)])
        {
            _ids[name] = writer.Int(name, size, isSigned);
            _sizes[name] = (size, size);
        }

        int number = _ids["int"];
        _ids["int ()"] = writer.Prototype(number, ("argument", number));
        _ids["enum state"] = writer.Enum("state", false, ("RUNNING", 0), ("WAITING", 5));
        _sizes["enum state"] = (4, 4);
        writer.Function("start_kernel", _ids["int ()"]);
        foreach ((BtfKind kind, string name, string[] members) in _types)
        {
            switch (kind)
            {
                case BtfKind.Variable:
                    writer.Variable(name, Id(members[0], writer));
                    break;
                case BtfKind.Typedef:
                    _ids[name] = writer.Alias(kind, name, Id(members[0], writer));
                    _sizes[name] = _sizes[members[0]];
                    break;
                default:
                    WriteStructure(name, members, writer);
                    break;
            }
        }

        return writer.Write();
    }

    private void WriteStructure(string name, string[] members, BtfWriter writer)
    {
        var written = new List<(string, int, uint, uint)>();
        (int bits, int alignment) = (0, 1);
        foreach (string member in members)
        {
            Match match = Declaration().Match(member);
            Assert.True(match.Success, member);
            string type = match.Groups["type"].Value.TrimEnd();
            (int size, int own) = type.EndsWith('*') ? (8, 8) : _sizes[type];
            int id = Id(type, writer);
            if (match.Groups["count"].Success)
            {
                uint count = uint.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);
                size *= (int)count;
                id = writer.Array(id, _ids["int"], count);
            }

            int width = match.Groups["bits"].Success ? int.Parse(match.Groups["bits"].Value, CultureInfo.InvariantCulture) : 0;
            if (width == 0)
            {
                bits = (bits + (own * 8) - 1) / (own * 8) * (own * 8);
            }

            written.Add((match.Groups["name"].Value, id, (uint)bits, (uint)width));
            bits += width == 0 ? size * 8 : width;
            alignment = Math.Max(alignment, own);
        }

        int bytes = ((bits / 8) + (bits % 8 == 0 ? 0 : 1) + alignment - 1) / alignment * alignment;
        _sizes["struct " + name] = (bytes, alignment);
        _ids["struct " + name] = writer.Structure(BtfKind.Struct, name, (uint)bytes, [.. written]);
    }

    private int Id(string type, BtfWriter writer)
    {
        if (type == "void")
        {
            return 0;
        }

        return type.EndsWith('*') ? writer.Pointer(Id(type[..^1].TrimEnd(), writer)) : _ids.GetValueOrDefault(type);
    }
}
