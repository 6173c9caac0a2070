namespace Lifeboat.Kexec.Images;

/// <summary>A section of a PE file, as its header tells; not yet held against the file's size.</summary>
/// <param name="Name">The name, at most 8 characters.</param>
/// <param name="HeaderOffset">Where its header lies in the file.</param>
/// <param name="Offset">Where its bytes begin in the file (PointerToRawData).</param>
/// <param name="Size">
/// Bytes of it that the file holds: the smaller one of VirtualSize and SizeOfRawData, as the latter is padded.
/// </param>
internal sealed record PeSection(string Name, int HeaderOffset, uint Offset, uint Size);
