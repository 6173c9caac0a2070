using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Reporting;

/// <summary>A range as JSON: half-open, in hex, as a JSON number cannot carry 64 bits everywhere.</summary>
internal sealed record RangeDocument(string Start, string End, ulong Bytes)
{
    internal static RangeDocument From(PhysicalRange range) =>
        new($"{range.Start}", $"{range.End}", range.Length.Value);

    internal static IReadOnlyList<RangeDocument> From(IReadOnlyList<PhysicalRange> ranges)
    {
        var documents = new List<RangeDocument>(ranges.Count);
        foreach (PhysicalRange range in ranges)
        {
            documents.Add(From(range));
        }

        return documents;
    }
}
