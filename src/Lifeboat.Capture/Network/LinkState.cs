namespace Lifeboat.Capture.Network;

/// <summary>What became of a plan's link in this kernel.</summary>
/// <param name="link">The link as it was planned.</param>
internal sealed class LinkState(NetworkLink link)
{
    internal NetworkLink Link { get; } = link;

    /// <summary>Its number here; 0 when it is not here.</summary>
    internal int Index { get; set; }

    /// <summary>Its name here, with the one it had before where that differs.</summary>
    internal string Name { get; set; } = link.Name;

    /// <summary>Its hardware address here.</summary>
    internal MacAddress? Mac { get; set; }

    /// <summary>Why nothing can go over it; null when something can.</summary>
    internal string? Fault { get; set; }
}
