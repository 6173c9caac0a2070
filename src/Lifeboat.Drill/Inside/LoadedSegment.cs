namespace Lifeboat.Drill.Inside;

/// <summary>A segment of the loaded capture kernel, as the guest's loader placed it.</summary>
/// <param name="Name">What it holds: kernel, ramdisk, purgatory.</param>
/// <param name="Start">Its physical address.</param>
/// <param name="Length">Its bytes in memory.</param>
public sealed record LoadedSegment(string Name, ulong Start, ulong Length);
