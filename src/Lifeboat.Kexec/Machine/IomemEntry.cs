using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Machine;

/// <summary>One line of /proc/iomem.</summary>
/// <param name="Range">The range; the file's ends are inclusive, this one is not.</param>
/// <param name="Depth">How deep it lies in others: 0 for the outermost.</param>
/// <param name="Name">What it is.</param>
public sealed record IomemEntry(PhysicalRange Range, int Depth, string Name);
