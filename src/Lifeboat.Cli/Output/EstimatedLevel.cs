namespace Lifeboat.Cli.Output;

/// <summary>How large a dump would be at one level.</summary>
/// <param name="Level">The level.</param>
/// <param name="Bytes">The size.</param>
/// <param name="ShareOfRam">The size in shares of RAM, of 1.</param>
/// <param name="DiskBytes">What a disk should have free for it.</param>
internal sealed record EstimatedLevel(int Level, ulong Bytes, double ShareOfRam, ulong DiskBytes);
