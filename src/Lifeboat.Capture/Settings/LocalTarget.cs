namespace Lifeboat.Capture.Settings;

/// <summary>
/// A folder of the running system that a crash is saved to. It becomes a <see cref="FileSystemTarget"/> when the ramdisk is built: at the
/// crash nothing is mounted, and no path of the running system means anything.
/// </summary>
/// <param name="Folder">The folder, an absolute path.</param>
public sealed record LocalTarget(string Folder) : DumpTarget
{
    /// <inheritdoc/>
    public override string Directive => SettingDirectives.Local;

    /// <inheritdoc/>
    public override string Value => Folder;
}
