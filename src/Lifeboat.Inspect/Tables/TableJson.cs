using System.Text;
using System.Text.Json;

namespace Lifeboat.Inspect.Tables;

/// <summary>Writes tables as JSON: under the table's name a list of rows, each an object of the columns' keys.</summary>
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
            foreach (Table table in tables)
            {
                json.WriteStartArray(table.Name);
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
            }

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
}
