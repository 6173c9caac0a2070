using System.Text;
using System.Text.Json;

namespace Lifeboat.Inspect.Tables;

/// <summary>Writes tables as JSON: each has a name, a title and rows, objects of the columns' keys.</summary>
public static class TableJson
{
    /// <summary>One document for all tables of a command.</summary>
    public static string Write(string command, IReadOnlyList<Table> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("command", command);
            json.WriteStartArray("tables");
            foreach (Table table in tables)
            {
                WriteTable(table, json);
            }

            json.WriteEndArray();
            json.WriteStartArray("notes");
            foreach (Table table in tables)
            {
                foreach (string note in table.Notes)
                {
                    json.WriteStringValue(note);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }

    private static void WriteTable(Table table, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", table.Name);
        json.WriteString("title", table.Title);
        json.WriteStartArray("rows");
        foreach (IReadOnlyList<Cell> row in table.Rows)
        {
            json.WriteStartObject();
            for (int i = 0; i < row.Count; i++)
            {
                json.WritePropertyName(table.Columns[i].Key);
                row[i].WriteTo(json, table.Columns[i].Kind);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
