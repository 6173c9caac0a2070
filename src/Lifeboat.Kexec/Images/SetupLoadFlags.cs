namespace Lifeboat.Kexec.Images;

/// <summary>What the setup header says of loading (setup_header.loadflags).</summary>
[Flags]
internal enum SetupLoadFlags : byte
{
    None = 0,

    /// <summary>The protected-mode code loads at 1 MiB or above: a bzImage, not a zImage (LOADED_HIGH).</summary>
    LoadedHigh = 0x01,

    KaslrEnabled = 0x02,

    Quiet = 0x20,

    KeepSegments = 0x40,

    CanUseHeap = 0x80,
}
