using Lifeboat.Core.Memory;

namespace Lifeboat.Kexec.Planning;

/// <summary>A segment that was given room.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Size">The room it takes.</param>
internal sealed record PlacedSegment(string Name, ByteCount Size);
