using Lifeboat.Inspect.Reporting;

namespace Lifeboat.Inspect.Tables;

/// <summary>Writes tables as text: heads, columns as wide as they need, notes at the end.</summary>
public static class TableText
{
    private const string Gap = "  ";

    /// <summary>Writes a table.</summary>
    public static void Write(Table table, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(output);
        if (table.Title.Length > 0)
        {
            output.WriteLine(PlainText.Printable(table.Title));
        }

        if (table.IsRecord)
        {
            WriteRecords(table, output);
        }
        else
        {
            WriteRows(table, output);
        }

        foreach (string note in table.Notes)
        {
            output.WriteLine($"note: {note}");
        }
    }

    private static void WriteRecords(Table table, TextWriter output)
    {
        int width = 0;
        foreach (Column column in table.Columns)
        {
            width = Math.Max(width, column.Title.Length);
        }

        foreach (IReadOnlyList<Cell> cells in table.Rows)
        {
            for (int i = 0; i < cells.Count; i++)
            {
                string text = PlainText.Printable(cells[i].ToText(table.Columns[i].Kind));
                output.WriteLine($"{table.Columns[i].Title.PadLeft(width)}: {text}".TrimEnd());
            }
        }
    }

    private static void WriteRows(Table table, TextWriter output)
    {
        int count = table.Columns.Count;
        int[] widths = new int[count];
        var rows = new List<string[]>();
        string[] titles = new string[count];
        for (int i = 0; i < count; i++)
        {
            titles[i] = table.Columns[i].Title;
        }

        if (string.Concat(titles).Length > 0)
        {
            rows.Add(titles);
        }

        foreach (IReadOnlyList<Cell> cells in table.Rows)
        {
            string[] row = new string[count];
            for (int i = 0; i < count; i++)
            {
                row[i] = PlainText.Printable(cells[i].ToText(table.Columns[i].Kind));
            }

            rows.Add(row);
        }

        foreach (string[] row in rows)
        {
            for (int i = 0; i < count; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        foreach (string[] row in rows)
        {
            var line = new System.Text.StringBuilder();
            for (int i = 0; i < count; i++)
            {
                line.Append(i > 0 ? Gap : "");
                line.Append(table.Columns[i].Kind is ColumnKind.Text or ColumnKind.Mark
                    ? row[i].PadRight(widths[i]) : row[i].PadLeft(widths[i]));
            }

            output.WriteLine(line.ToString().TrimEnd());
        }
    }
}
