namespace Lifeboat.Capture.Ramdisk;

/// <summary>How a ramdisk is compressed.</summary>
public enum RamdiskCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>gzip (CONFIG_RD_GZIP).</summary>
    Gzip,

    /// <summary>zstd (CONFIG_RD_ZSTD, since Linux 5.9).</summary>
    Zstd,
}
