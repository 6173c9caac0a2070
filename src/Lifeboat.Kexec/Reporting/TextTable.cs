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
        var widths = new List<int>();
        foreach (string[] row in _rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                if (column == widths.Count)
                {
                    widths.Add(0);
                }

                widths[column] = Math.Max(widths[column], row[column].Length);
            }
        }

        foreach (string[] row in _rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) =>
                column == row.Length - 1 ? cell : cell.PadRight(widths[column]));
            text.Append("  ").AppendJoin("  ", cells).Append('\n');
        }
    }
}
