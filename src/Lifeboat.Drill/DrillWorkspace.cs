namespace Lifeboat.Drill;

/// <summary>The folder of a drill's own files; removed at the end, however the drill ends.</summary>
internal sealed class DrillWorkspace : IDisposable
{
    /// <summary>A new, empty folder in <paramref name="parent"/>.</summary>
    public DrillWorkspace(string parent) => Folder = Directory.CreateDirectory(
        Path.Combine(parent, $"lifeboat-drill-{Guid.NewGuid():N}")).FullName;

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>A path in the folder.</summary>
    public string File(string name) => Path.Combine(Folder, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
