using System.Text;
using System.Text.Json;
using Lifeboat.Core.Hashing;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Loading.Interop;
using Lifeboat.Kexec.Machine;
using Lifeboat.Kexec.Reporting;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Loading;

/// <summary>
/// What was loaded for the crash, and for which machine: enough to load it again when CPUs or memory have come or gone.
/// </summary>
public sealed record ArmedImage
{
    /// <summary>Where it is remembered until the next boot, which empties the folder as it does the memory.</summary>
    public const string DefaultPath = "/run/lifeboat/armed.json";

    /// <summary>The kernel's path.</summary>
    public required string Kernel { get; init; }

    /// <summary>The ramdisks' paths.</summary>
    public required IReadOnlyList<string> Ramdisks { get; init; }

    /// <summary>The command line without <c>elfcorehdr=</c>.</summary>
    public required string CommandLine { get; init; }

    /// <summary>The call that loaded it, one of <see cref="KexecCallNames"/>.</summary>
    public required string Call { get; init; }

    /// <summary>CPUs that save their registers.</summary>
    public required int Cpus { get; init; }

    /// <summary>Bytes of RAM.</summary>
    public required ulong RamBytes { get; init; }

    /// <summary>The digest of all that the ELF core header is made from.</summary>
    public required string Layout { get; init; }

    /// <summary>Bytes of the reservation that the segments take; null where the kernel placed them.</summary>
    public ulong? LoadedBytes { get; init; }

    /// <summary>What was loaded now, on the machine as it is.</summary>
    public static ArmedImage Of(
        string kernel, IReadOnlyList<string> ramdisks, string commandLine, KexecCall call, MachineDescription machine) => new()
        {
            Kernel = Path.GetFullPath(kernel),
            Ramdisks = [.. ramdisks.Select(Path.GetFullPath)],
            CommandLine = commandLine,
            Call = KexecCallNames.NameOf(call),
            Cpus = machine.CpuNotes.Count,
            RamBytes = RamOf(machine).Value,
            Layout = LayoutOf(machine),
        };

    /// <summary>What differs between the machine it was loaded for and <paramref name="machine"/>; null when nothing does.</summary>
    public string? DifferenceTo(MachineDescription machine)
    {
        if (Layout == LayoutOf(machine))
        {
            return null;
        }

        ByteCount ram = RamOf(machine);
        return machine.CpuNotes.Count != Cpus ? $"{Cpus} CPUs then, {machine.CpuNotes.Count} now"
            : ram.Value != RamBytes ? $"{new ByteCount(RamBytes)} of RAM then, {ram} now"
            : "memory or CPUs lie elsewhere";
    }

    /// <summary>Reads what is remembered; null when there is nothing that reads as such.</summary>
    public static ArmedImage? Load(string path = DefaultPath)
    {
        try
        {
            ArmedImage? armed = JsonSerializer.Deserialize(File.ReadAllBytes(path), KexecJsonContext.Default.ArmedImage);
            return armed is { Kernel: not null, Ramdisks: not null, CommandLine: not null, Layout: not null }
                && armed.Call != KexecCallNames.Auto && KexecCallNames.All.Contains(armed.Call) && !armed.Ramdisks.Contains(null!)
                ? armed
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Remembers this in place of what was before.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public void Save(string path = DefaultPath) =>
        WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, KexecJsonContext.Default.ArmedImage));

    /// <summary>Forgets it; nothing happens when there is nothing.</summary>
    public static void Forget(string path = DefaultPath)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>
    /// Waits until no other process arms or disarms, and keeps others from it until it is disposed of.
    /// </summary>
    /// <exception cref="IOException">The folder or file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static IDisposable Lock(string path = DefaultPath)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        return FileLock.Take(Path.Combine(folder, "lock"));
    }

    private static ByteCount RamOf(MachineDescription machine)
    {
        ulong sum = 0;
        foreach (PhysicalRange range in machine.Ram)
        {
            sum += range.Length.Value;
        }

        return new ByteCount(sum);
    }

    private static string LayoutOf(MachineDescription machine)
    {
        var text = new StringBuilder();
        foreach (PhysicalRange range in machine.Ram)
        {
            text.Append($"ram {range}\n");
        }

        foreach (PhysicalRange range in machine.Reservations)
        {
            text.Append($"reserved {range}\n");
        }

        foreach (CpuCrashNotes notes in machine.CpuNotes)
        {
            text.Append($"cpu {notes.Cpu} {notes.Range}\n");
        }

        text.Append($"vmcoreinfo {machine.Vmcoreinfo}\n");
        return Convert.ToHexStringLower(Sha256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
