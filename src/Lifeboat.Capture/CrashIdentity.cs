using System.Globalization;
using Lifeboat.Capture.Manifest;
using Lifeboat.Kernel;
using Lifeboat.Vmcore;

namespace Lifeboat.Capture;

/// <summary>Which machine crashed, and when.</summary>
internal static class CrashIdentity
{
    // What a kernel calls its machine until something sets a name.
    private const string UnsetHostName = "(none)";

    /// <summary>The manifest with host, kernel and time of the crash, as far as the memory tells them.</summary>
    internal static CaptureManifest Add(
        CaptureManifest manifest, DumpSource source, CaptureRequest request, CaptureSteps steps, List<string> notices)
    {
        KernelIdentity? identity = null;
        try
        {
            identity = steps.ReadIdentity(source);
        }
#pragma warning disable CA1031 // Memory of a crashed machine can break any reader; a missing name must not cost the dump.
        catch (Exception error)
#pragma warning restore CA1031
        {
            notices.Add($"the crashed kernel's identity cannot be read: {CaptureRun.Words(error)}");
        }

        DateTimeOffset? crashTime = null;
        if (source.Vmcoreinfo.TryGetText("CRASHTIME", out string? text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds is > 0 and < 10_000_000_000)
        {
            crashTime = DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        return manifest with
        {
            Host = request.HostName ?? (identity?.NodeName is "" or UnsetHostName ? null : identity?.NodeName),
            KernelRelease = identity?.Release ?? source.Vmcoreinfo.OsRelease,
            CrashTime = crashTime,
        };
    }
}
