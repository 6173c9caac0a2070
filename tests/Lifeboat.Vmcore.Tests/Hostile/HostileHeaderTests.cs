using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Vmcore.Tests.Hostile;

/// <summary>Every field of every header at its extremes.</summary>
public sealed class HostileHeaderTests
{
    public static TheoryData<string, string> Fields()
    {
        var rows = new TheoryData<string, string>();
        foreach (string format in HeaderTable.Formats)
        {
            foreach (HeaderField field in HeaderTable.Of(format).Fields)
            {
                rows.Add(format, field.Name);
            }
        }

        return rows;
    }

    public static TheoryData<string> Formats() => [.. HeaderTable.Formats];

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_at_its_extremes_ends_in_a_value_or_a_diagnostic(string format, string name)
    {
        HeaderTable table = HeaderTable.Of(format);
        HeaderField field = table.Fields.Single(field => field.Name == name);
        foreach (ulong value in field.Extremes(table.File.Length))
        {
            byte[] file = (byte[])table.File.Clone();
            field.Set(file, value);
            for (int filter = 0; filter < 5; filter++)
            {
                _ = DumpProbe.Survives(() => DumpProbe.Open(file), filter);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Two_fields_at_their_extremes_end_in_a_value_or_a_diagnostic(string format)
    {
        // An offset and a count that are each believable may not be so together.
        HeaderTable table = HeaderTable.Of(format);
        byte[] file = (byte[])table.File.Clone();
        for (int i = 0; i < table.Fields.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                foreach (ulong one in table.Fields[i].FewExtremes(file.Length))
                {
                    foreach (ulong other in table.Fields[j].FewExtremes(file.Length))
                    {
                        table.Fields[i].Set(file, one);
                        table.Fields[j].Set(file, other);
                        _ = DumpProbe.Survives(() => DumpProbe.Open(file));
                    }
                }

                table.File.AsSpan(table.Fields[j].Offset, table.Fields[j].Width).CopyTo(file.AsSpan(table.Fields[j].Offset));
            }

            table.File.AsSpan(table.Fields[i].Offset, table.Fields[i].Width).CopyTo(file.AsSpan(table.Fields[i].Offset));
        }
    }
}
