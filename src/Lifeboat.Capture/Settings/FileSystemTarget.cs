namespace Lifeboat.Capture.Settings;

/// <summary>A filesystem of this machine that a crash is saved to.</summary>
/// <param name="FileSystem">Its kind, such as <c>ext4</c>.</param>
/// <param name="Device">The device it lies on.</param>
/// <param name="Folder">
/// The folder of all crashes, from the filesystem's own root (of btrfs the top of all subvolumes); null for that of the directive
/// <c>path</c>.
/// </param>
public sealed record FileSystemTarget(string FileSystem, DeviceSelector Device, string? Folder = null) : DumpTarget
{
    private const string FolderOption = " path=";

    /// <inheritdoc/>
    public override string Directive => FileSystem;

    /// <inheritdoc/>
    public override string Value => Folder is null ? Device.ToString() : $"{Device}{FolderOption}{Folder}";

    /// <summary>Reads what follows the directive; null when it is none.</summary>
    internal static FileSystemTarget? Parse(string kind, string value)
    {
        // A label may have blanks, and a folder: what is after the last such word is the folder.
        int option = value.LastIndexOf(FolderOption + '/', StringComparison.Ordinal);
        string? folder = option < 0 ? null : value[(option + FolderOption.Length)..];
        return DeviceSelector.TryParse(option < 0 ? value : value[..option].TrimEnd(), out DeviceSelector? device)
            && (folder is null || SettingDirectives.IsPath(folder))
            ? new FileSystemTarget(kind, device, folder) : null;
    }
}
