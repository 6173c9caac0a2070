namespace Lifeboat.Kexec.Reporting;

/// <summary>A proposed reservation as JSON.</summary>
internal sealed record ProposalDocument(
    string Word, ulong Bytes, ulong MeasuredBytes, ulong MarginBytes, ulong RamdiskBytes, ulong RamBytes)
{
    /// <summary>The version of this document's shape.</summary>
    public int Schema { get; init; } = 1;
}
