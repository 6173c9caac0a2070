namespace Lifeboat.Capture.Init;

/// <summary>How to mount (<c>MS_*</c> of linux/mount.h).</summary>
[Flags]
public enum MountOptions
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>For reading only.</summary>
    ReadOnly = 1,

    /// <summary>Without set-user-ID bits.</summary>
    NoSetUserId = 2,

    /// <summary>Without device nodes.</summary>
    NoDevices = 4,

    /// <summary>Without programs.</summary>
    NoPrograms = 8,
}
