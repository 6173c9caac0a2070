using Lifeboat.Core.Linux.Interop;

namespace Lifeboat.Core.Linux;

/// <summary>
/// Keys of encrypted disks that the kernel hands over to the capture kernel: x86-64, CONFIG_CRASH_DM_CRYPT, since Linux 6.16.
/// </summary>
/// <remarks>
/// <code>
/// /sys/kernel/config/crash_dm_crypt_keys/
///   NAME/description    the running kernel: a key of type logon in root's user keyring that kexec_file_load copies to the crash memory
///   restore             the capture kernel: a write makes each a key of type user in its user keyring
/// </code>
/// <para>Source: the kernel's Documentation/admin-guide/kdump/kdump.rst.</para>
/// </remarks>
public static class CrashKeys
{
    /// <summary>Where configfs is mounted.</summary>
    public const string MountPoint = "/sys/kernel/config";

    /// <summary>The kernel's folder for them, in configfs.</summary>
    public const string Folder = MountPoint + "/crash_dm_crypt_keys";

    // Ours among those of others.
    private const string Prefix = "lifeboat-";

    /// <summary>Whether the running kernel can do it.</summary>
    /// <param name="folder">The kernel's folder.</param>
    public static bool AreSupported(string folder = Folder) => Directory.Exists(folder);

    /// <summary>Whether it could do it once configfs is mounted, as far as can be seen; always where <see cref="AreSupported"/>.</summary>
    /// <param name="mountPoint">Where configfs is mounted.</param>
    public static bool MayBeSupported(string mountPoint = MountPoint) =>
        Directory.Exists(mountPoint)
        && (AreSupported(Path.Combine(mountPoint, Path.GetFileName(Folder))) || Directory.GetFileSystemEntries(mountPoint).Length == 0);

    /// <summary>The description of the key of a LUKS device; the one that kdump-utils gives it too.</summary>
    /// <param name="uuid">The UUID in the device's header.</param>
    public static string DescriptionOf(string uuid) => $"kdump-cryptsetup:vk-{uuid}";

    /// <summary>The command that puts a LUKS device's key where <see cref="IsInKeyring"/> looks, for people; cryptsetup 2.7 has it.</summary>
    /// <param name="description">The description.</param>
    public static string CommandFor(string description) =>
        $"cryptsetup open --test-passphrase --link-vk-to-keyring \"@u::%logon:{description}\" DEVICE";

    /// <summary>Whether root's user keyring holds a key of type logon with this description.</summary>
    /// <param name="description">The description.</param>
    public static bool IsInKeyring(string description) =>
        LibcKeys.Call(LibcKeys.KeyControl, LibcKeys.Search, LibcKeys.UserKeyring, "logon", description, 0) >= 0;

    /// <summary>Has the next kexec_file_load copy these keys, and none that an earlier call has asked for.</summary>
    /// <param name="descriptions">Their descriptions.</param>
    /// <param name="folder">The kernel's folder.</param>
    /// <exception cref="IOException">The kernel refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">Only root may.</exception>
    public static void Select(IReadOnlyList<string> descriptions, string folder = Folder)
    {
        foreach (string earlier in Directory.GetDirectories(folder, Prefix + "*"))
        {
            Directory.Delete(earlier);
        }

        for (int i = 0; i < descriptions.Count; i++)
        {
            string key = Directory.CreateDirectory(Path.Combine(folder, $"{Prefix}{i}")).FullName;
            File.WriteAllText(Path.Combine(key, "description"), descriptions[i]);
        }

        // A service's session does not lead to the user keyring, where the kernel looks as the one who loads.
        _ = LibcKeys.Call(LibcKeys.KeyControl, LibcKeys.Link, LibcKeys.UserKeyring, LibcKeys.ProcessKeyring);
    }

    /// <summary>In the capture kernel, with configfs mounted: takes over what was handed over.</summary>
    /// <param name="folder">The kernel's folder.</param>
    /// <exception cref="IOException">The kernel has nothing, or refuses.</exception>
    public static void Restore(string folder = Folder) => File.WriteAllText(Path.Combine(folder, "restore"), "yes");
}
