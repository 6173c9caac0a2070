namespace Lifeboat.Cli.Output;

/// <summary>An entry of the boot loader's menu as JSON.</summary>
internal sealed record BootListEntry(
    string Title, string Id, bool IsNext, bool IsBootable, string? Kernel, IReadOnlyList<string> Ramdisks, string? CommandLine,
    string Source, int Line, IReadOnlyList<string> Problems);
