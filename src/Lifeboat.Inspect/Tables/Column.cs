namespace Lifeboat.Inspect.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its head in text.</param>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Kind">What it holds.</param>
public sealed record Column(string Title, string Key, ColumnKind Kind);
