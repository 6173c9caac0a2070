namespace Lifeboat.Capture.Settings;

/// <summary>A filesystem of this machine that a crash is saved to.</summary>
/// <param name="FileSystem">Its kind, such as <c>ext4</c>.</param>
/// <param name="Device">The device it lies on.</param>
public sealed record FileSystemTarget(string FileSystem, DeviceSelector Device) : DumpTarget
{
    /// <inheritdoc/>
    public override string Directive => FileSystem;

    /// <inheritdoc/>
    public override string Value => Device.ToString();
}
