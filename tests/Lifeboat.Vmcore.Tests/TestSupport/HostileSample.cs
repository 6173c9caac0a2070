namespace Lifeboat.Vmcore.Tests.TestSupport;

/// <summary>A small dump to damage, and the places in it that steer whoever reads it.</summary>
/// <param name="File">The dump.</param>
/// <param name="Steering">Headers, tables, records: most of the damage goes there.</param>
internal sealed record HostileSample(byte[] File, params IReadOnlyList<Range> Steering);
