namespace Lifeboat.Kexec.Reporting;

/// <summary>A row of the road from trouble to a capture as JSON.</summary>
internal sealed record PanicRoadDocument(
    string Name, string Trouble, string Outcome, bool Captured, bool IsGrave, bool IsGap, string Reason, string? Change);
