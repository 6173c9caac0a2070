using Lifeboat.Capture.Ramdisk;

namespace Lifeboat.Capture.Storage;

/// <summary>How a ramdisk comes to the programs that its targets need, and why so.</summary>
/// <param name="Name"><see cref="BuiltIn"/>, <c>initramfs-tools</c> or <c>dracut</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Programs">The programs that were asked for.</param>
/// <param name="Files">What was collected.</param>
public sealed record StorageRoad(string Name, string Reason, IReadOnlyList<string> Programs, IReadOnlyList<RamdiskFile> Files)
{
    /// <summary>The road of a ramdisk without other programs.</summary>
    public const string BuiltIn = "built-in";

    /// <summary>The road for targets that lie on this.</summary>
    /// <exception cref="Core.Diagnostics.DiagnosticException">The programs cannot be collected.</exception>
    /// <exception cref="IOException">What was collected cannot be read.</exception>
    internal static StorageRoad For(IReadOnlyList<StoragePlanner> storage)
    {
        if (storage.Count == 0)
        {
            return new StorageRoad(BuiltIn, "no target needs another program for its storage", [], []);
        }

        var reasons = new List<string>();
        var programs = new List<string>();
        var files = new List<string>();
        foreach (StoragePlanner one in storage)
        {
            reasons.Add(one.Reason);
            Add(programs, one.Programs);
            Add(files, one.Files);
        }

        string reason = string.Join("; ", reasons);
        if (programs.Count == 0)
        {
            return new StorageRoad(BuiltIn, $"{reason}, which the kernel connects to by itself", [], []);
        }

        var generator = StorageGenerator.OfMachine(reason);
        return new StorageRoad(generator.Name, reason, programs, generator.Collect(programs, files));
    }

    /// <inheritdoc/>
    public override string ToString() => Programs.Count == 0 ? $"{Name}: {Reason}" : $"{Name}, since {Reason}: {string.Join(' ', Programs)}";

    private static void Add(List<string> all, IReadOnlyList<string> some)
    {
        foreach (string one in some)
        {
            if (!all.Contains(one))
            {
                all.Add(one);
            }
        }
    }
}
