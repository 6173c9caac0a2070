namespace Lifeboat.Kexec.Reporting;

/// <summary>What kexec_file_load is given, as JSON.</summary>
internal sealed record FileLoadDocument(
    string Call, string CallReason, string Kernel, string? KernelVersion, bool FileItself, IReadOnlyList<string> Ramdisks,
    ulong RamdiskBytes, string Flags, string CommandLine, IReadOnlyList<RuleDocument> Rules)
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;
}
