namespace Lifeboat.Kexec.Planning;

/// <summary>A file that a Multiboot kernel is given (kexec --module).</summary>
/// <param name="CommandLine">What it is told with it: by custom the file's name and arguments.</param>
/// <param name="Content">The file.</param>
public sealed record BootModule(string CommandLine, ReadOnlyMemory<byte> Content);
