using Lifeboat.Core.Archives;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kexec.Status;

namespace Lifeboat.Kexec.Machine;

/// <summary>
/// A machine in one file: all that a plan and a status read of it, so that both can be made away from it. The file is a
/// cpio archive with the files where the machine has them, <c>proc/iomem</c> and the like.
/// </summary>
/// <remarks>
/// <para>What is saved is what was asked for while the machine was read, and <see cref="MoreFiles"/>.</para>
/// </remarks>
public sealed class SavedMachine
{
    /// <summary>Files that nothing reads, and that who looks at a plan of another machine asks for.</summary>
    private static readonly string[] MoreFiles =
    [
        "proc/version", "proc/swaps", "proc/filesystems", "etc/os-release", "sys/devices/system/cpu/possible",
        "sys/devices/system/cpu/present", "sys/devices/system/cpu/online", "sys/devices/system/memory/crash_hotplug",
        "sys/devices/system/memory/block_size_bytes", "sys/firmware/efi/fw_platform_size", "sys/kernel/security/lsm",
        "proc/sys/kernel/tainted", "proc/sys/kernel/random/boot_id",
    ];

    private readonly ArchiveSource _source;

    private SavedMachine(IReadOnlyList<CpioEntry> entries) => _source = new ArchiveSource(entries);

    /// <summary>Saves the machine whose files lie below <paramref name="root"/>.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="files">The paths of the files that were saved.</param>
    /// <returns>The file for <see cref="Open"/>.</returns>
    /// <exception cref="DiagnosticException">
    /// /proc/iomem or a note's address cannot be read, does not read as expected, or hides its addresses.
    /// </exception>
    public static byte[] Record(string root, out IReadOnlyList<string> files)
    {
        var source = new RecordingSource(new FolderSource(root));
        var tree = new SystemTree(source);
        MachineReader.Read(tree);
        KexecStatusReader.Read(tree);
        foreach (string file in MoreFiles)
        {
            tree.TryReadText(file);
        }

        files = source.Files;
        return source.ToArchive();
    }

    /// <summary>The machine in a file that <see cref="Record"/> made, or cpio of the same files.</summary>
    /// <param name="archive">The whole file.</param>
    /// <param name="name">What to call it in messages: its path.</param>
    /// <exception cref="DiagnosticException">It is no archive, or damaged.</exception>
    public static SavedMachine Open(ReadOnlyMemory<byte> archive, string name) => new(CpioReader.Read(archive, name));

    /// <summary>What a plan needs of it.</summary>
    /// <exception cref="DiagnosticException">As <see cref="MachineDescription.ReadLive"/>.</exception>
    public MachineDescription Describe() => MachineReader.Read(new SystemTree(_source));

    /// <summary>Whether it is ready for a crash.</summary>
    public KexecStatus Status() => KexecStatusReader.Read(new SystemTree(_source));
}
