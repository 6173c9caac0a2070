using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Machine;

/// <summary>
/// A machine in one file: all that a plan and a status read of it, so that both can be made away from it. The file is a
/// plain tar archive with the files where the machine has them, <c>proc/iomem</c> and the like.
/// </summary>
/// <remarks>
/// <para>What is saved is what was asked for while the machine was read, and <see cref="MoreFiles"/>.</para>
/// </remarks>
public sealed class SavedMachine
{
    /// <summary>Files that nothing reads today, and that who looks at a plan of another machine asks for.</summary>
    private static readonly string[] MoreFiles =
    [
        "proc/version", "proc/cpuinfo", "proc/meminfo", "proc/swaps", "proc/filesystems", "etc/os-release",
        "sys/kernel/kexec/crash_elfcorehdr_size", "sys/kernel/crash_elfcorehdr_size", "sys/kernel/kexec/crash_cma_ranges",
        "sys/devices/system/cpu/possible", "sys/devices/system/cpu/present", "sys/devices/system/cpu/online",
        "sys/devices/system/cpu/crash_hotplug", "sys/devices/system/memory/crash_hotplug",
        "sys/devices/system/memory/block_size_bytes", "sys/firmware/efi/fw_platform_size", "sys/firmware/efi/systab",
        "sys/kernel/security/lsm", "proc/sys/kernel/tainted", "proc/sys/kernel/random/boot_id",
    ];

    /// <summary>Folders of small files, one folder for each entry of a table.</summary>
    private static readonly string[] Tables = ["sys/firmware/memmap", "sys/firmware/efi/runtime-map"];

    private static readonly string[] TableFiles = ["start", "end", "type", "attribute", "num_pages", "phys_addr", "virt_addr"];

    private readonly IReadOnlyList<TarEntry> _entries;

    private SavedMachine(IReadOnlyList<TarEntry> entries) => _entries = entries;

    /// <summary>The files that were saved, by their paths, without folders.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            var names = new List<string>();
            foreach (TarEntry entry in _entries)
            {
                if (!entry.IsFolder)
                {
                    names.Add(entry.Name);
                }
            }

            return names;
        }
    }

    /// <summary>Reads the machine whose files lie below <paramref name="root"/>.</summary>
    /// <exception cref="DiagnosticException">
    /// /proc/iomem or a note's address cannot be read, does not read as expected, or hides its addresses.
    /// </exception>
    public static SavedMachine Record(string root = "/")
    {
        var source = new RecordingSource(new FolderSource(root));
        var tree = new SystemTree(source);
        MachineReader.Read(tree);
        KexecStatusReader.Read(tree);
        foreach (string file in MoreFiles)
        {
            tree.TryReadText(file);
        }

        foreach (string table in Tables)
        {
            foreach (string entry in tree.FolderNames(table))
            {
                foreach (string file in TableFiles)
                {
                    tree.TryReadText($"{table}/{entry}/{file}");
                }
            }
        }

        return new SavedMachine(source.Entries);
    }

    /// <summary>The machine in a file that <see cref="ToArchive"/> made, or tar of the same files.</summary>
    /// <param name="archive">The whole file.</param>
    /// <param name="name">What to call it in messages: its path.</param>
    /// <exception cref="DiagnosticException">It is no archive, or damaged.</exception>
    public static SavedMachine Open(ReadOnlyMemory<byte> archive, string name) => new(TarArchive.Read(archive, name));

    /// <summary>The machine as one file.</summary>
    public byte[] ToArchive() => TarArchive.Write(_entries);

    /// <summary>What a plan needs of it.</summary>
    /// <exception cref="DiagnosticException">As <see cref="MachineDescription.ReadLive"/>.</exception>
    public MachineDescription Describe() => MachineReader.Read(new SystemTree(new ArchiveSource(_entries)));

    /// <summary>Whether it is ready for a crash.</summary>
    public KexecStatus Status() => KexecStatusReader.Read(new SystemTree(new ArchiveSource(_entries)));
}
