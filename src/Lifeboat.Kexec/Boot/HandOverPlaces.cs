using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Boot;

/// <summary>Where the things lie that a kernel is told of.</summary>
/// <param name="Kernel">The kernel itself.</param>
/// <param name="Ramdisk">The ramdisk to its last byte; empty for none.</param>
/// <param name="Modules">The modules, each to its last byte.</param>
internal sealed record HandOverPlaces(PhysicalAddress Kernel, PhysicalRange Ramdisk, IReadOnlyList<PhysicalRange> Modules);
