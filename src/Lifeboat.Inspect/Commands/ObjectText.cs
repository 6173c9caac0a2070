using System.Globalization;
using System.Text;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands;

/// <summary>Writes objects on one line: numbers as C reads them, texts in quotation marks, structures in braces.</summary>
internal static class ObjectText
{
    private const int MostDepth = 4;
    private const int MostElements = 16;
    private const int MostText = 64;

    internal static string Of(KernelObject value) => Of(value, MostDepth);

    private static string Of(KernelObject value, int depth)
    {
        KernelType type = value.Type;
        if (type.IsNumber)
        {
            return Number(value);
        }

        if (type.IsArray && type.Target is { IsCharacter: true })
        {
            return value.Text(MostText) is { } text ? $"\"{text}\"" : Cell.Missing;
        }

        if (depth == 0)
        {
            return "{...}";
        }

        return type.IsArray ? Elements(value, depth) : type.IsStructure ? Members(value, depth) : "";
    }

    private static string Number(KernelObject value)
    {
        if (value.Signed is not { } number)
        {
            return Cell.Missing;
        }

        return value.Type.IsPointer ? $"0x{unchecked((ulong)number):x}"
            : value.Type.NameOf(number) is { } name ? $"{name} ({number})"
            : value.Type.IsSigned ? number.ToString(CultureInfo.InvariantCulture)
            : unchecked((ulong)number).ToString(CultureInfo.InvariantCulture);
    }

    private static string Elements(KernelObject value, int depth)
    {
        var text = new StringBuilder("{");
        long count = value.Type.ElementCount;
        for (int i = 0; i < Math.Min(count, MostElements); i++)
        {
            text.Append(i > 0 ? ", " : "").Append(Of(value[i], depth - 1));
        }

        return text.Append(count > MostElements ? ", ...}" : "}").ToString();
    }

    private static string Members(KernelObject value, int depth)
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
