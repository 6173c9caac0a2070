namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>A menu as the script builds it.</summary>
internal sealed class GrubMenu
{
    internal List<GrubMenuItem> Items { get; } = [];

    /// <summary>Why there may be fewer, more or other entries; null when the list is certain.</summary>
    internal string? Doubt { get; set; }
}
