using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Loading.Interop;

namespace Lifeboat.Kexec.Loading;

/// <summary>What belongs to the image of a reboot besides its load.</summary>
public static class RebootImage
{
    private const int SeedBytes = 32;

    /// <summary>
    /// A seed for the next kernel, from the running kernel's random numbers; empty when it has none yet, as a kernel's own loader
    /// gives none then either.
    /// </summary>
    public static ReadOnlyMemory<byte> NewSeed()
    {
        var seed = new byte[SeedBytes];
        return MachineCalls.TryGetRandom(seed) ? seed : default;
    }

    /// <summary>Writes what is in memory to disks.</summary>
    public static void Sync() => MachineCalls.Sync();

    /// <summary>Starts the loaded image at once. Processes are not asked to end, and nothing is written first. Does not return.</summary>
    /// <exception cref="KernelInterfaceException">The kernel refused.</exception>
    public static void Start()
    {
        Errno errno = MachineCalls.StartLoadedImage();
        throw new KernelInterfaceException("reboot(LINUX_REBOOT_CMD_KEXEC)", null, errno, errno switch
        {
            Errno.EINVAL => "No image is loaded: load one with lifeboat boot KERNEL --load-only",
            Errno.EPERM => "It takes CAP_SYS_BOOT: run it as root, outside a container that drops the capability",
            Errno.EBUSY => "Another program is loading or running an image at this moment: try again",
            _ => null,
        });
    }
}
