namespace Lifeboat.Kexec.Planning;

/// <summary>What a loaded image is started by.</summary>
public enum LoadPurpose
{
    /// <summary>A panic of the running kernel; the image lies in the reservation from the load on.</summary>
    Crash,

    /// <summary>A reboot (kexec -e); the image lies anywhere until then, and is moved to its place in the jump.</summary>
    Reboot,
}
