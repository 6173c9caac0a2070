using Lifeboat.Core.Memory;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>One entry of a ramdisk that was built.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Size">Its bytes before compression.</param>
public sealed record RamdiskEntry(string Path, ByteCount Size);
