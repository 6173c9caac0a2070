namespace Lifeboat.Kexec.Status;

/// <summary>A setting of the kernel that decides what becomes a panic, or what a panic does first.</summary>
/// <param name="Name">Its name, as sysctl or the module parameter has it.</param>
/// <param name="Value">Its value.</param>
/// <param name="Meaning">What that value does.</param>
public sealed record PanicKnob(string Name, string Value, string Meaning);
