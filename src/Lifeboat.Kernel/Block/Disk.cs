using Lifeboat.Core.Memory;
using Lifeboat.Kernel.Objects;
using Lifeboat.Kernel.Objects.Walks;

namespace Lifeboat.Kernel.Block;

/// <summary>A disk, or what looks like one (<c>struct gendisk</c>).</summary>
/// <remarks><para>Each property reads memory anew. What cannot be read is null.</para></remarks>
public sealed class Disk
{
    private const int SectorShift = 9;

    private readonly CrashedKernel _kernel;

    internal Disk(CrashedKernel kernel, KernelObject disk) => (_kernel, Object) = (kernel, disk);

    /// <summary>The <c>struct gendisk</c>.</summary>
    public KernelObject Object { get; }

    /// <summary>Its name: <c>vda</c>.</summary>
    public string? Name => Object.TextOf("disk_name", 32);

    /// <summary>The number of its driver.</summary>
    public long? Major => Object.SignedNumber("major");

    /// <summary>Its number within the driver.</summary>
    public long? Minor => Object.SignedNumber("first_minor");

    /// <summary>Its size.</summary>
    public ByteCount? Size =>
        (Object.Number("part0.bd_nr_sectors") ?? Object.Number("part0.nr_sects")) is { } sectors and <= ulong.MaxValue >> SectorShift
            ? new ByteCount(sectors << SectorShift) : null;

    /// <summary>The functions of its driver (<c>struct block_device_operations</c>).</summary>
    public VirtualAddress? Operations => Object.AddressIn("fops");

    /// <summary>Where its requests wait (<c>struct request_queue</c>).</summary>
    public VirtualAddress? Queue => Object.AddressIn("queue");

    /// <summary>The requests that its driver had not answered; none for a driver that has no queue.</summary>
    public KernelWalk<BlockRequest> RequestsInFlight => RequestsInDriver.Of(_kernel, Object.Follow("queue"));

    /// <summary>Its name.</summary>
    public override string ToString() => Name ?? Object.ToString();
}
