using Lifeboat.Capture.Targets;

namespace Lifeboat.Capture.Settings;

/// <summary>A partition or disk that a crash is written to as it is, without a filesystem. It holds one crash: the last.</summary>
/// <param name="Device">Its path, <c>/dev/…</c>, or <c>PARTUUID=…</c>.</param>
/// <param name="Overwrite">Whether it is written to even when it seems to hold something else.</param>
public sealed record RawTarget(string Device, bool Overwrite) : DumpTarget
{
    private const string OverwriteWord = "overwrite=yes";
    private const string ByPartitionUuid = "/dev/disk/by-partuuid/";
    private const int MaxLength = 256;

    /// <inheritdoc/>
    public override string Directive => "raw";

    /// <inheritdoc/>
    public override string Value => Overwrite ? $"{Device} {OverwriteWord}" : Device;

    /// <summary>Reads what follows the directive; null when it is not understood.</summary>
    public static RawTarget? Parse(string value)
    {
        string[] words = value.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > 2 || words[0].Length > MaxLength || (words.Length == 2 && words[1] != OverwriteWord))
        {
            return null;
        }

        // A link of udev's, which the capture kernel has not.
        string device = words[0].StartsWith(ByPartitionUuid, StringComparison.Ordinal) ? "PARTUUID=" + words[0][ByPartitionUuid.Length..] : words[0];
        bool isDevice = device.StartsWith("/dev/", StringComparison.Ordinal)
            ? device.Length > "/dev/".Length && !device.Contains("..", StringComparison.Ordinal)
                && DevicePath.KindOf(device) is DevicePathKind.Plain or DevicePathKind.Nested
            : RawDeviceFinder.IsPartitionUuid(device);
        return isDevice ? new RawTarget(device, words.Length == 2) : null;
    }
}
