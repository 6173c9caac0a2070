namespace Lifeboat.Inspect;

/// <summary>A register in a report.</summary>
/// <param name="Name">Its name: <c>rip</c>.</param>
/// <param name="Value">What it held, 16 hexadecimal digits.</param>
public sealed record ReportRegister(string Name, string Value);
