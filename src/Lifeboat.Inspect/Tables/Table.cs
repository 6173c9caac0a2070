namespace Lifeboat.Inspect.Tables;

/// <summary>Rows of typed columns: what a command found, written as text or as JSON.</summary>
/// <param name="name">Its name in JSON.</param>
/// <param name="columns">Its columns.</param>
public sealed class Table(string name, params IReadOnlyList<Column> columns)
{
    private readonly List<IReadOnlyList<Cell>> _rows = [];
    private readonly List<string> _notes = [];

    /// <summary>Its name in JSON.</summary>
    public string Name => name;

    /// <summary>What it is about, on a line above it; empty for none.</summary>
    public string Title { get; init; } = "";

    /// <summary>Its columns.</summary>
    public IReadOnlyList<Column> Columns => columns;

    /// <summary>Its rows: a cell for each column.</summary>
    public IReadOnlyList<IReadOnlyList<Cell>> Rows => _rows;

    /// <summary>Whether text has a line for each cell, behind its column's title: for one row of many columns.</summary>
    public bool IsRecord { get; init; }

    /// <summary>What of it could not be had, in order; nothing is left out without a line here.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds a line of what could not be had.</summary>
    public void Note(string note) => _notes.Add(note);

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">There is not a cell for each column.</exception>
    public void Add(params IReadOnlyList<Cell> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Count != columns.Count)
        {
            throw new ArgumentException($"{cells.Count} cells for {columns.Count} columns", nameof(cells));
        }

        _rows.Add(cells);
    }
}
