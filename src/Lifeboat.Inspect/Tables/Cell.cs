using System.Globalization;
using System.Text.Json;
using Lifeboat.Core.Memory;

namespace Lifeboat.Inspect.Tables;

/// <summary>What stands in one place of a table; null is memory that the dump does not have.</summary>
/// <remarks>What is missing is written as <c>&lt;excluded&gt;</c> in text and as null in JSON.</remarks>
public sealed class Cell
{
    /// <summary>What is written for memory that the dump does not have.</summary>
    public const string Missing = "<excluded>";

    private readonly string? _text;
    private readonly ulong? _number;
    private readonly bool _isNegative;

    private Cell(string? text, ulong? number = null, bool isNegative = false) =>
        (_text, _number, _isNegative) = (text, number, isNegative);

    /// <summary>Nothing, where nothing belongs; not the same as what is missing.</summary>
    public static Cell Empty { get; } = new("");

    /// <summary>A text.</summary>
    public static Cell Text(string? text) => new(text);

    /// <summary>A number.</summary>
    public static Cell Number(long? number) =>
        new(null, number is { } value ? unchecked((ulong)value) : null, number < 0);

    /// <summary>A number that is never below zero.</summary>
    internal static Cell Unsigned(ulong? number) => new(null, number);

    /// <summary>An address.</summary>
    public static Cell Address(VirtualAddress? address) => new(null, address?.Value);

    /// <summary>A size.</summary>
    public static Cell Size(ByteCount? size) => new(null, size?.Value);

    /// <summary>True or false.</summary>
    public static Cell Mark(bool? value) => new(null, value is { } isTrue ? (isTrue ? 1UL : 0) : null);

    internal string ToText(ColumnKind kind) => _text ?? (_number is not { } number ? Missing : kind switch
    {
        ColumnKind.Hex => number.ToString("x", CultureInfo.InvariantCulture),
        ColumnKind.KibiBytes => (number / 1024).ToString(CultureInfo.InvariantCulture),
        ColumnKind.Mark => number != 0 ? ">" : "",
        _ => _isNegative ? unchecked((long)number).ToString(CultureInfo.InvariantCulture)
            : number.ToString(CultureInfo.InvariantCulture),
    });

    internal void WriteTo(Utf8JsonWriter json, ColumnKind kind)
    {
        if (_text is not null)
        {
            json.WriteStringValue(_text);
        }
        else if (_number is not { } number)
        {
            json.WriteNullValue();
        }
        else if (kind == ColumnKind.Hex)
        {
            json.WriteStringValue($"0x{number:x}");
        }
        else if (kind == ColumnKind.Mark)
        {
            json.WriteBooleanValue(number != 0);
        }
        else if (_isNegative)
        {
            json.WriteNumberValue(unchecked((long)number));
        }
        else
        {
            json.WriteNumberValue(number);
        }
    }
}
