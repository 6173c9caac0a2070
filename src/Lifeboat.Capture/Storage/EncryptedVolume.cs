using System.Globalization;
using Lifeboat.Capture.HostPrograms;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Storage;

/// <summary>A device that dm-crypt has opened, and how it is opened with a key that the kernel has handed over.</summary>
/// <remarks>
/// <code>
/// 0 112640 crypt aes-xts-plain64 :64:logon:cryptsetup:UUID-d0          0 254:32   32768 [COUNT OPTION...]   as it is (dmsetup table)
/// 0 112640 crypt aes-xts-plain64 :64:user:kdump-cryptsetup:vk-UUID     0 {device} 32768 [COUNT OPTION...]   at the crash
/// first, sectors, target, cipher, key,                     vector's start, device, first sector there
/// </code>
/// <para>Source: the kernel's Documentation/admin-guide/device-mapper/dm-crypt.rst.</para>
/// </remarks>
internal static class EncryptedVolume
{
    private const int FieldsOfTable = 8;
    private const int KeyField = 4;
    private const int DeviceField = 6;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>The table at the crash.</summary>
    /// <param name="table">The table as it is.</param>
    /// <param name="key">The description of the key.</param>
    /// <returns>Null for a table of another kind, or of several parts.</returns>
    internal static string? TableAtCrash(string table, string key)
    {
        string[] fields = table.Trim().Split(' ');
        if (table.Trim().Contains('\n', StringComparison.Ordinal) || fields.Length < FieldsOfTable || fields[2] != "crypt"
            || KeyBytes(fields[KeyField]) is not { } bytes)
        {
            return null;
        }

        fields[KeyField] = string.Create(CultureInfo.InvariantCulture, $":{bytes}:user:{key}");
        fields[DeviceField] = StorageSetup.Device;
        return string.Join(' ', fields);
    }

    /// <summary>What <c>dmsetup table</c> says of a device, which never has the key itself.</summary>
    /// <param name="program">The program.</param>
    /// <param name="name">The name of device-mapper.</param>
    /// <returns>Null when it says nothing.</returns>
    internal static string? TableOf(string program, string name) => ProgramOutput.Of(program, ["table", name], Limit);

    /// <summary>The modules of the algorithms that the running kernel uses.</summary>
    /// <param name="root">Where the machine's files are.</param>
    internal static IReadOnlyList<string> CryptoModules(string root)
    {
        var modules = new List<string>();
        foreach (string line in SystemFile.Text(Path.Combine(root, "proc/crypto"))?.Split('\n') ?? [])
        {
            if (line.StartsWith("module ", StringComparison.Ordinal) && line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() is var name
                && name != "kernel" && !modules.Contains(name))
            {
                modules.Add(name);
            }
        }

        return modules;
    }

    // ":64:logon:DESCRIPTION", or zeros in place of the key in hexadecimal.
    private static int? KeyBytes(string field)
    {
        if (!field.StartsWith(':'))
        {
            return field.Length > 1 && field.Length % 2 == 0 ? field.Length / 2 : null;
        }

        string[] parts = field.Split(':');
        return parts.Length > 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) ? bytes : null;
    }
}
