using System.Globalization;
using System.Text;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands.Objects;

/// <summary>
/// Writes objects on one line: numbers as C reads them, texts in quotation marks, structures in braces, functions by name.
/// </summary>
/// <param name="kernel">The kernel they are of.</param>
/// <param name="isHex">Whether numbers are written in hex.</param>
internal sealed class ObjectText(CrashedKernel kernel, bool isHex = false)
{
    private const int MostDepth = 4;
    private const int MostElements = 16;
    private const int MostText = 64;
    private const int MostValues = 1 << 14; // in one text: damaged types may hold themselves many times

    private int _left;

    internal string Of(KernelObject value)
    {
        _left = MostValues;
        return Of(value, MostDepth);
    }

    /// <summary>A number that lies nowhere; null is one that could not be read.</summary>
    internal string OfNumber(KernelType type, ulong? bits)
    {
        if (bits is not { } value)
        {
            return Cell.Missing;
        }

        if (type.IsPointer)
        {
            string? name = type.Target is { IsFunction: true } ? Places.NameOf(kernel, new VirtualAddress(value)) : null;
            return name is null ? $"0x{value:x}" : $"0x{value:x} <{name}>";
        }

        long number = unchecked((long)value);
        return type.NameOf(number) is { } enumerator ? $"{enumerator} ({number})"
            : isHex ? $"0x{value & (ulong.MaxValue >> (64 - (8 * (int)Math.Clamp(type.Size.Value, 1, 8)))):x}"
            : type.IsSigned ? number.ToString(CultureInfo.InvariantCulture)
            : value.ToString(CultureInfo.InvariantCulture);
    }

    private static string? TextAt(KernelObject value) =>
        value.Type.Target is { IsCharacter: true, Name: "char" or "const char" } && value.Pointer is { Value: not 0 }
            ? value.Text(MostText) : null;

    private string Of(KernelObject value, int depth)
    {
        KernelType type = value.Type;
        if (type.IsNumber)
        {
            string number = OfNumber(type, unchecked((ulong?)value.Signed));
            return type.IsPointer && TextAt(value) is { } pointed ? $"{number} \"{pointed}\"" : number;
        }

        if (type.IsFunction)
        {
            return OfNumber(type.Pointer, value.Address.Value);
        }

        if (type.IsArray && type.Target is { IsCharacter: true })
        {
            return value.Text(MostText) is { } text ? $"\"{text}\"" : Cell.Missing;
        }

        if (depth == 0 || --_left < 0)
        {
            return "{...}";
        }

        return type.IsArray ? Elements(value, depth) : type.IsStructure ? Members(value, depth) : "";
    }

    private string Elements(KernelObject value, int depth)
    {
        var text = new StringBuilder("{");
        long count = value.Type.Target is { Size.Value: > 0 } ? value.Type.ElementCount : 0;
        for (int i = 0; i < Math.Min(count, MostElements); i++)
        {
            text.Append(i > 0 ? ", " : "").Append(Of(value[i], depth - 1));
        }

        return text.Append(count > MostElements ? ", ...}" : "}").ToString();
    }

    private string Members(KernelObject value, int depth)
    {
        var text = new StringBuilder("{");
        foreach (KernelMember member in value.Type.Members)
        {
            text.Append(text.Length > 1 ? ", " : "")
                .Append(member.Name.Length > 0 ? $"{member.Name} = " : "")
                .Append(Of(value.Member(member), depth - 1));
        }

        return text.Append('}').ToString();
    }
}
