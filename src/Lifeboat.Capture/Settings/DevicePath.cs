namespace Lifeboat.Capture.Settings;

/// <summary>Tells paths below /dev apart by who makes them: the capture kernel has only what it makes itself.</summary>
internal static class DevicePath
{
    private const string ByUuid = "/dev/disk/by-uuid/";
    private const string ByLabel = "/dev/disk/by-label/";

    private static readonly string[] Mapped = ["/dev/mapper/", "/dev/md"];

    internal static DevicePathKind KindOf(string path) =>
        path.StartsWith("/dev/disk/", StringComparison.Ordinal) ? DevicePathKind.Link
        : path.StartsWith("/dev/dm-", StringComparison.Ordinal) ? DevicePathKind.Numbered
        : Array.Exists(Mapped, prefix => path.StartsWith(prefix, StringComparison.Ordinal)) ? DevicePathKind.Mapped
        : path.IndexOf('/', "/dev/".Length) >= 0 ? DevicePathKind.Nested
        : DevicePathKind.Plain;

    /// <summary>What a link of udev's chooses by; null when it is none of a UUID or a plain label.</summary>
    internal static DeviceSelector? SelectorOf(string path)
    {
        string text = path.StartsWith(ByUuid, StringComparison.Ordinal) ? "UUID=" + path[ByUuid.Length..]
            : path.StartsWith(ByLabel, StringComparison.Ordinal) && !path.Contains('\\') ? "LABEL=" + path[ByLabel.Length..]
            : "";
        return DeviceSelector.TryParse(text, out DeviceSelector? selector) ? selector : null;
    }
}
