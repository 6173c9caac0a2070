using System.Text;

namespace Lifeboat.Kexec.Reporting;

/// <summary>Rows of text in columns that are as wide as they must be.</summary>
internal sealed class TextTable
{
    private readonly List<string[]> _rows = [];

    internal void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the rows, each indented by two; the last column is not padded.</summary>
    internal void WriteTo(StringBuilder text)
    {
        int columns = _rows.Count == 0 ? 0 : _rows.Max(row => row.Length);
        int[] widths = [.. Enumerable.Range(0, columns)
            .Select(column => _rows.Max(row => column < row.Length ? row[column].Length : 0))];
        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) =>
                column == row.Length - 1 ? cell : cell.PadRight(widths[column]));
            text.Append("  ").AppendJoin("  ", cells).Append('\n');
        }
    }
}
