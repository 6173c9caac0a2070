using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Boot;

/// <summary>A file that a Multiboot kernel is given beside its command line.</summary>
/// <param name="Range">The file's bytes in memory, below 4 GiB; it ends where the file does, not at a page.</param>
/// <param name="CommandLine">What the module is told: by custom its file name and arguments.</param>
internal sealed record MultibootModule(PhysicalRange Range, string CommandLine);
