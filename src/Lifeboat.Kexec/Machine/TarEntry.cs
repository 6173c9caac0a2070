namespace Lifeboat.Kexec.Machine;

/// <summary>A file or folder of an archive.</summary>
/// <param name="Name">Its path, without a slash at either end.</param>
/// <param name="Content">A file's bytes.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
internal sealed record TarEntry(string Name, ReadOnlyMemory<byte> Content, bool IsFolder);
