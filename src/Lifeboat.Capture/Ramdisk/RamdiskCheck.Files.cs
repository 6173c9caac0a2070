using System.Text;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Stores.Upload;
using Lifeboat.Core.Archives;
using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Ramdisk;

/// <content>Files of this machine that lie in the ramdisk: what servers are known by, tokens, keys, programs with their libraries.</content>
public sealed partial class RamdiskCheck
{
    // Long enough to renew what ends, and to build the ramdisk again.
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    private void CheckFiles(CaptureSettings settings) => Guard(() =>
    {
        foreach (RamdiskFile file in _machine.FilesFor(settings))
        {
            if (Find(file.Path) is not { } found)
            {
                _findings.Add(new SettingFinding(0, isError: true, Missing(file.Path)));
            }
            else if (!found.Content.Span.SequenceEqual(file.ReadContent().Span))
            {
                Tell(isError: false, CaptureDiagnostics.BadRamdisk, $"{file.Path} is another one on this machine now",
                    $"{found.Content.Length} bytes", "the same", BuildAgain);
            }
        }
    });

    private void CheckUpload(UploadTarget target) => Guard(() =>
    {
        if (UploadStores.Check(target, Read, _machine.Now) is { } end && end < _machine.Now + Soon)
        {
            Tell(isError: false, CaptureDiagnostics.BadCertificateFile, $"The certificates of {target} end soon", $"the last one's end on {end:yyyy-MM-dd}",
                "30 days and more", "Renew the file, build the ramdisk again and arm it");
        }
    });

    private void CheckRaw(RawTarget target)
    {
        if (_machine.FindRawDevice(target) is not { } device)
        {
            Tell(isError: true, CaptureDiagnostics.TargetNotFound, "The target is not on this machine", "no such device", $"{target.Device}",
                "lsblk -o NAME,PARTUUID shows what is there; only root may read the devices");
            return;
        }

        CheckStorage($"{target.Device}", device);
        Guard(() => _machine.CheckRawDevice(target));
    }

    private string Read(string path) =>
        Find(path) is { } file ? Encoding.UTF8.GetString(file.Content.Span) : throw new DiagnosticException(Missing(path));

    // Where programs of storage are, /lib and the like are links into /usr.
    private CpioEntry? Find(string path) => _ramdisk.Find(path) ?? _ramdisk.Find("/usr" + path);

    private Diagnostic Missing(string path) => new(CaptureDiagnostics.BadRamdisk, "A file that the settings need is not in the ramdisk")
    {
        Where = _ramdisk.Name,
        Found = "no file",
        Expected = path,
        Remedy = BuildAgain,
    };

    // What building the ramdisk would refuse now, the crash would refuse, too.
    private void Guard(Action check)
    {
        try
        {
            check();
        }
        catch (DiagnosticException refusal)
        {
            foreach (Diagnostic diagnostic in refusal.Diagnostics)
            {
                _findings.Add(new SettingFinding(0, isError: true, diagnostic));
            }
        }
        catch (Exception refusal) when (refusal is KernelInterfaceException or IOException or UnauthorizedAccessException)
        {
            Tell(isError: false, CaptureDiagnostics.BadRamdisk, "Something could not be looked at", refusal.Message, "readable", "Run this as root");
        }
    }
}
