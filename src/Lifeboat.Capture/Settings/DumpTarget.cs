namespace Lifeboat.Capture.Settings;

/// <summary>The filesystem that the dump is saved to.</summary>
/// <param name="FileSystem">Its kind, such as <c>ext4</c>.</param>
/// <param name="Device">The device it lies on.</param>
public sealed record DumpTarget(string FileSystem, DeviceSelector Device)
{
    /// <summary>The target as the settings file writes it.</summary>
    public override string ToString() => $"{FileSystem} {Device}";
}
