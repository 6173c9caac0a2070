namespace Lifeboat.Kexec.Reporting;

/// <summary>A panic knob as JSON.</summary>
internal sealed record KnobDocument(
    string Name, string Value, string Meaning);
