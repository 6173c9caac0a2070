namespace Lifeboat.Inspect.Tables;

/// <summary>What a column of a table holds, which says how its cells are written.</summary>
public enum ColumnKind
{
    /// <summary>Text, to the left.</summary>
    Text,

    /// <summary>A decimal number, to the right.</summary>
    Number,

    /// <summary>An address or a mask: hexadecimal, to the right; in JSON a text, as <c>"0xffff888003d30000"</c>.</summary>
    Hex,

    /// <summary>Bytes: in text in KiB, to the right; in JSON a number of bytes.</summary>
    KibiBytes,

    /// <summary>True or false; in text a mark for what is true.</summary>
    Mark,
}
