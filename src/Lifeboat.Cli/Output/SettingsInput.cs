using System.Text;
using Lifeboat.Capture;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Settings.Import;
using Lifeboat.Capture.Storage;
using Lifeboat.Capture.Targets;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Cli.Output;

/// <summary>Reads a file of settings; what is given by mistake, a disk or a dump, is not read to its end.</summary>
internal static class SettingsInput
{
    private const string MountsFile = "/proc/self/mountinfo";

    /// <summary>Settings whose folders of the running system are the filesystems that they lie on.</summary>
    /// <exception cref="DiagnosticException">A folder lies on nothing that a capture kernel could mount.</exception>
    public static CaptureSettings Resolve(CaptureSettings settings)
    {
        foreach (DumpTarget target in settings.Targets)
        {
            if (target is LocalTarget)
            {
                return LocalFolder.Resolve(settings, File.ReadAllText(MountsFile), static device => FileSystemProbe.Read(
                    device, $"/sys/class/block/{BlockDeviceName.Of(device)}"));
            }
        }

        return settings;
    }

    /// <summary>The text of a file of ours.</summary>
    /// <exception cref="DiagnosticException">There is none, or it is too long for settings.</exception>
    public static string Read(string path) => Path.Exists(path)
        ? ReadForeign(path)
        : throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.SettingMissing, "There are no settings")
        {
            Where = path,
            Found = "no such file",
            Expected = "a directive a line, local /var/crash for one",
            Remedy = "lifeboat config --help has all directives; lifeboat config import makes a file of those of kdump or kdump-tools",
        });

    /// <summary>The text of another program's file.</summary>
    /// <exception cref="DiagnosticException">It is too long for settings.</exception>
    public static string ReadForeign(string path)
    {
        byte[] bytes = new byte[SettingsImport.MaxLength + 1];
        using FileStream file = File.OpenRead(path);
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length < bytes.Length
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new DiagnosticException(new Diagnostic(CaptureDiagnostics.UnknownSettingsFile, "The file is too long for settings")
            {
                Where = path,
                Expected = "at most 1 MiB",
            });
    }
}
