namespace Lifeboat.Kexec.Machine;

/// <summary>Where a machine's files come from.</summary>
internal interface ISystemSource
{
    /// <summary>
    /// The first bytes of a file that is named as on the live machine (<c>proc/iomem</c>), at most
    /// <paramref name="count"/>; null when it is missing or may not be read.
    /// </summary>
    byte[]? TryRead(string file, int count);

    /// <summary>The folders in a folder, in no order; none when it is missing.</summary>
    IReadOnlyList<string> FolderNames(string folder);
}
