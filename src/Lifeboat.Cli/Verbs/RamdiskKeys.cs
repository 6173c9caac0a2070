using Lifeboat.Capture;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Capture.Storage;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Loading;

namespace Lifeboat.Cli.Verbs;

/// <summary>Keys of encrypted disks that a ramdisk wants handed over.</summary>
internal static class RamdiskKeys
{
    /// <summary>Their descriptions; none where the running kernel hands none over, or for a ramdisk that is not ours.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> ramdisks, LoadFiles files)
    {
        var plans = new List<StoragePlan>();
        foreach (string path in CrashKeys.MayBeSupported() ? ramdisks : [])
        {
            try
            {
                if (RamdiskContents.Read(files.Read(path), path).Storage is { } text)
                {
                    plans.AddRange(StoragePlan.ParseAll(text, $"{path}:{RamdiskLayout.Storage}"));
                }
            }
            catch (DiagnosticException failure) when (failure.Diagnostics[0].Id == CaptureDiagnostics.BadRamdisk)
            {
                // Another program has made it, and wants what it wants.
            }
        }

        return StoragePlan.KeysOf(plans);
    }

    /// <summary>Has the kernel copy them when it loads.</summary>
    /// <exception cref="DiagnosticException">One is not there, or the call does not copy any.</exception>
    /// <exception cref="IOException">The kernel refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">Only root may.</exception>
    public static void HandOver(IReadOnlyList<string> keys, KexecCall call)
    {
        bool canHandOver = CrashKeys.AreSupported();
        if (keys.Count > 0 && !canHandOver)
        {
            throw Refused(string.Join(", ", keys), $"nothing at {CrashKeys.Folder}", "configfs, with the kernel's folder for such keys",
                $"mount -t configfs configfs {CrashKeys.MountPoint}");
        }

        if (keys.Count > 0 && call != KexecCall.KexecFileLoad)
        {
            throw Refused(string.Join(", ", keys), "--call kexec_load", "kexec_file_load, with which alone the kernel hands keys over", "Leave --call away");
        }

        foreach (string key in keys)
        {
            if (!CrashKeys.IsInKeyring(key))
            {
                throw Refused(key, "no such key of type logon in root's user keyring", "the volume's key there",
                    $"Put it there: {CrashKeys.CommandFor(key)}");
            }
        }

        // Also for no keys: those of an earlier ramdisk are not wanted any more.
        if (canHandOver)
        {
            CrashKeys.Select(keys);
        }
    }

    private static DiagnosticException Refused(string key, string found, string expected, string remedy) =>
        new(new Diagnostic(CaptureDiagnostics.StorageNotCarried, "The key of an encrypted target cannot be handed over")
        {
            Where = key,
            Found = found,
            Expected = expected,
            Remedy = remedy,
        });
}
