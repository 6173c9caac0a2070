namespace Lifeboat.Capture.Settings;

/// <summary>By what a block device is chosen.</summary>
public enum DeviceSelectorKind
{
    /// <summary>By the UUID of the filesystem on it, <c>UUID=…</c>.</summary>
    Uuid,

    /// <summary>By the label of the filesystem on it, <c>LABEL=…</c>.</summary>
    Label,

    /// <summary>By its path, <c>/dev/…</c>; names may change from boot to boot.</summary>
    Path,
}
