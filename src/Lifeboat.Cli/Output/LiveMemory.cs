using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Cli.Output;

/// <summary>The memory of a running machine, and why it may not be read.</summary>
internal static class LiveMemory
{
    public const string Path = "/proc/kcore";

    /// <summary>The same refusal with what to do about it.</summary>
    public static KernelInterfaceException Explain(KernelInterfaceException refusal) =>
        new(refusal.Operation, refusal.Path, refusal.Errno, RemedyOf(refusal.Errno));

    private static string? RemedyOf(Errno error) => error switch
    {
        Errno.EACCES => "The memory of a running machine is for root: run it as root, or name a dump to estimate from.",
        Errno.EPERM => "It takes root with CAP_SYS_RAWIO, which containers lack, on a kernel that is not locked down (Secure Boot); a dump can be estimated from anywhere.",
        Errno.ENOENT => "The kernel has it only with CONFIG_PROC_KCORE, and /proc must be mounted; name a dump to estimate from.",
        _ => null,
    };
}
