using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Images;

/// <summary>A piece of an image that lies in memory in one piece.</summary>
/// <param name="Offset">Where it lies, from the image's start; a whole number of pages.</param>
/// <param name="Content">Its first bytes.</param>
/// <param name="MemorySize">The memory it takes; what is longer than the content is zero.</param>
public sealed record ImagePart(ByteCount Offset, ReadOnlyMemory<byte> Content, ByteCount MemorySize);
