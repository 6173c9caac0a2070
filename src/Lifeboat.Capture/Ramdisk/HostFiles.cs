using Lifeboat.Capture.HostPrograms;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Settings;
using Lifeboat.Capture.Ssh;

namespace Lifeboat.Capture.Ramdisk;

/// <summary>The files of this machine that settings name: they go into a ramdisk under the same paths, and are what a check compares it with.</summary>
public static class HostFiles
{
    private const int OwnerOnly = 0x180; // 0600

    /// <summary>The files as they are now: what servers are known by, tokens and keys; programs with their libraries. Each path once.</summary>
    /// <exception cref="Core.Diagnostics.DiagnosticException">A program or key is missing, or not what it should be.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<RamdiskFile> For(CaptureSettings settings)
    {
        var files = new List<RamdiskFile>();
        foreach (DumpTarget target in settings.Targets)
        {
            foreach (string path in target is UploadTarget upload ? upload.Files : [])
            {
                if (!files.Exists(file => file.Path == path))
                {
                    files.Add(RamdiskFile.FromHost(path, path, OwnerOnly));
                }
            }
        }

        var ssh = new SshNeeds(settings);
        var programs = new List<HostProgram>(ssh.Programs());
        foreach (string path in settings.Programs.Paths(settings.FailureAction == PowerAction.Shell))
        {
            programs.Add(HostProgram.Resolve(path));
        }

        return [.. files, .. ssh.Files(), .. HostProgram.FilesOf(programs)];
    }
}
