using System.Text.Json;
using Lifeboat.Core.Memory;
using Lifeboat.Inspect.Tables;

namespace Lifeboat.Inspect.Tests.Tables;

public sealed class TableTests
{
    [Fact]
    public void Columns_are_as_wide_as_they_need_and_what_is_missing_is_told()
    {
        using var output = new StringWriter { NewLine = "\n" };
        TableText.Write(Sample(), output);
        Assert.Equal(
            """
               PID           ADDRESS  KIB  NAME
            >    1  ffffffff81000000   12  init
                -1        <excluded>    0  a?b
            note: there may be more

            """.Replace("a?b", "a b", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal),
            output.ToString());
    }

    [Fact]
    public void A_record_has_a_line_for_each_cell()
    {
        var table = new Table("one", new Column("A", "a", ColumnKind.Number), new Column("LONG", "long", ColumnKind.Hex)) { IsRecord = true };
        table.Add(Cell.Number(1), Cell.Address(null));
        table.Note("that is all");
        using var output = new StringWriter { NewLine = "\n" };
        TableText.Write(table, output);
        Assert.Equal("   A: 1\nLONG: <excluded>\nnote: that is all\n", output.ToString());
    }

    [Fact]
    public void Columns_without_titles_have_no_head()
    {
        var table = new Table("lines", new Column("", "line", ColumnKind.Text));
        table.Add(Cell.Text("first"));
        using var output = new StringWriter { NewLine = "\n" };
        TableText.Write(table, output);
        Assert.Equal("first\n", output.ToString());
    }

    [Fact]
    public void The_same_rows_are_json()
    {
        using var document = JsonDocument.Parse(TableJson.Write("ps", [Sample()]));
        JsonElement root = document.RootElement;
        Assert.Equal("ps", root.GetProperty("command").GetString());
        JsonElement[] rows = [.. root.GetProperty("tables")[0].GetProperty("rows").EnumerateArray()];
        Assert.Equal("0xffffffff81000000", rows[0].GetProperty("address").GetString());
        Assert.Equal((1, 12345, true), (
            rows[0].GetProperty("pid").GetInt32(), rows[0].GetProperty("bytes").GetInt32(), rows[0].GetProperty("on").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("address").ValueKind);
        Assert.Equal(-1, rows[1].GetProperty("pid").GetInt32());
        Assert.Equal("a\u001bb", rows[1].GetProperty("name").GetString());
        Assert.Equal("there may be more", root.GetProperty("notes")[0].GetString());
    }

    [Fact]
    public void A_row_has_a_cell_for_each_column() =>
        Assert.Throws<ArgumentException>(() => Sample().Add(Cell.Empty));

    private static Table Sample()
    {
        var table = new Table(
            "tasks",
            new Column("", "on", ColumnKind.Mark),
            new Column("PID", "pid", ColumnKind.Number),
            new Column("ADDRESS", "address", ColumnKind.Hex),
            new Column("KIB", "bytes", ColumnKind.KibiBytes),
            new Column("NAME", "name", ColumnKind.Text));
        table.Add(
            Cell.Mark(true), Cell.Number(1), Cell.Address(new VirtualAddress(0xffff_ffff_8100_0000)),
            Cell.Size(new ByteCount(12345)), Cell.Text("init"));
        table.Add(Cell.Mark(false), Cell.Number(-1), Cell.Address(null), Cell.Size(ByteCount.Zero), Cell.Text("a\u001bb"));
        table.Note("there may be more");
        return table;
    }
}
