namespace Lifeboat.Capture.Storage;

/// <summary>One thing that is done at the crash so that a target's device appears: a program is run once its devices are there.</summary>
/// <param name="Name">What it sets up, for people.</param>
/// <param name="Members">The devices that are waited for; what is missing after half of the time is done without.</param>
/// <param name="Program">The program, an absolute path in the ramdisk; <see cref="NvmeFabrics.Device"/> takes its argument as it is.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record StorageStep(string Name, IReadOnlyList<StorageMember> Members, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The address of the host that has to be reached first, for one of the ways to a disk of another host; else null.</summary>
    public string? Host { get; init; }

    /// <summary>The description of the key that the kernel hands over for it (<see cref="Core.Linux.CrashKeys"/>); null for none.</summary>
    public string? Key { get; init; }
}
