namespace Lifeboat.Cli.Output;

/// <summary>A saved machine as JSON.</summary>
internal sealed record DescribeDocument(string Path, int Bytes, IReadOnlyList<string> Files)
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;
}
