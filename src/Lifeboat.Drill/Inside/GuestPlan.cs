using System.Text.Json;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Loading;

namespace Lifeboat.Drill.Inside;

/// <summary>What the guest is to do; the host puts it into the guest's ramdisk.</summary>
public sealed record GuestPlan
{
    /// <summary>Where it lies in the guest's ramdisk. Its presence makes the program the guest's init.</summary>
    public const string Path = "/etc/lifeboat/guest.json";

    /// <summary>The capture kernel's image in the guest's ramdisk.</summary>
    public const string KernelPath = "/lib/lifeboat/vmlinuz";

    /// <summary>The capture ramdisk in the guest's ramdisk.</summary>
    public const string RamdiskPath = "/lib/lifeboat/ramdisk";

    /// <summary>The folder of the target disk that gets the guest's own record.</summary>
    public const string RecordFolder = "drill";

    /// <summary>The module that crashes, in the guest's ramdisk, for crashes that need one.</summary>
    public const string CrashModulePath = "/lib/lifeboat/crash.ko";

    /// <summary>The file of the target disk whose pages fill the page cache with known bytes.</summary>
    public const string CacheFile = "page-cache";

    /// <summary>The kind of filesystem that a drill's own disk has.</summary>
    public const string DefaultFileSystem = "ext4";

    /// <summary>What the guest is booted for.</summary>
    public required GuestMode Mode { get; init; }

    /// <summary>The commands of <see cref="GuestMode.Commands"/>, one a line, without the program's name.</summary>
    public string Commands { get; init; } = "";

    /// <summary>The UUID of the target disk's filesystem.</summary>
    public Guid TargetUuid { get; init; }

    /// <summary>The kind of the target disk's filesystem.</summary>
    public string FileSystem { get; init; } = DefaultFileSystem;

    /// <summary>Added to the capture kernel's command line.</summary>
    public string Append { get; init; } = "";

    /// <summary>The seed of the known bytes.</summary>
    public ulong Seed { get; init; }

    /// <summary>Pages of anonymous memory to fill.</summary>
    public int UserPages { get; init; } = (int)(ByteCount.FromMiB(32).Value / Pfn.PageSize);

    /// <summary>Pages of page cache to fill.</summary>
    public int CachePages { get; init; } = (int)(ByteCount.FromMiB(8).Value / Pfn.PageSize);

    /// <summary>Pages of kernel memory to fill.</summary>
    public int KernelPages { get; init; } = (int)(ByteCount.FromMiB(2).Value / Pfn.PageSize);

    /// <summary>How to crash, one of <see cref="DrillCrashNames"/>.</summary>
    public string Crash { get; init; } = DrillCrashNames.NameOf(DrillCrash.Sysrq);

    /// <summary>The call that loads the capture kernel, by the kernel's name for it.</summary>
    public string Call { get; init; } = KexecCallNames.NameOf(KexecCall.KexecLoad);

    /// <summary>The CPU to crash on; null for any.</summary>
    public int? CrashCpu { get; init; }

    /// <summary>Whether <see cref="CrashCpu"/> is a CPU that is there only after the line on the console.</summary>
    public bool BringsCpuUp { get; init; }

    /// <summary>Whether to wait for a line on the console before crashing.</summary>
    public bool WaitForGo { get; init; }

    /// <summary>What to leave free on the target disk, which is filled up to that; null to fill nothing.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Whether to have more in memory that can be compared, and to save what the kernel says of itself.</summary>
    public bool SaveTruth { get; init; }

    /// <summary>The plan as it lies in the ramdisk.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, GuestJsonContext.Default.GuestPlan);

    /// <summary>Reads the plan of this guest.</summary>
    /// <exception cref="JsonException">It is no plan.</exception>
    public static GuestPlan Load(string path) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), GuestJsonContext.Default.GuestPlan)
            ?? throw new JsonException("null");
}
