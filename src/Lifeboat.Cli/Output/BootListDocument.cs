namespace Lifeboat.Cli.Output;

/// <summary>The boot loader's menu as JSON.</summary>
internal sealed record BootListDocument(
    string? Loader, string? Next, string? Why, IReadOnlyList<BootListEntry> Entries, IReadOnlyList<string> Problems)
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;
}
