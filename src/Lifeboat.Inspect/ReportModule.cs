namespace Lifeboat.Inspect;

/// <summary>A loaded module in a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Taint">The letters of what it is noted for, <c>OE</c> for one from outside of the kernel's tree without a
/// signature; empty for the kernel's own.</param>
public sealed record ReportModule(string Name, string Taint)
{
    /// <summary>As the kernel lists it: <c>name(OE)</c>.</summary>
    public override string ToString() => Taint.Length == 0 ? Name : $"{Name}({Taint})";
}
