namespace Lifeboat.Drill.Guests;

/// <summary>The accelerator that was chosen, and why.</summary>
/// <param name="Accelerator">What runs the guest.</param>
/// <param name="Reason">Why, for the report.</param>
public sealed record AcceleratorChoice(Accelerator Accelerator, string Reason);
