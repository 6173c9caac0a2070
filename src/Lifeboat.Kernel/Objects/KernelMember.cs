using Lifeboat.Core.Memory;

namespace Lifeboat.Kernel.Objects;

/// <summary>A member of a structure or union.</summary>
/// <param name="Name">Its name; empty for an unnamed structure or union.</param>
/// <param name="Type">Its type.</param>
/// <param name="Offset">Bytes from the start of what it was looked up in.</param>
/// <param name="FirstBit">Of a bit field, the bit of that byte that it begins at; 0 otherwise.</param>
/// <param name="BitCount">Bits of a bit field; 0 for a member that is none.</param>
public sealed record KernelMember(string Name, KernelType Type, ByteCount Offset, int FirstBit, int BitCount);
