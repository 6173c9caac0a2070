namespace Lifeboat.Cli.Output;

/// <summary>A file in a <see cref="RamdiskListDocument"/>.</summary>
internal sealed class RamdiskListEntry
{
    /// <summary>Its path in the ramdisk.</summary>
    public required string Path { get; init; }

    /// <summary>Its bytes before compression.</summary>
    public required int Bytes { get; init; }
}
