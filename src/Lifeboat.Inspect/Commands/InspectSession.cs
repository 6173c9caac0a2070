using Lifeboat.Kernel;
using Lifeboat.Kernel.Tasks;

namespace Lifeboat.Inspect.Commands;

/// <summary>What commands share from one to the next: the kernel, and the task that is looked at.</summary>
/// <param name="kernel">The kernel to look at.</param>
/// <remarks><b>Thread safety.</b> One thread at a time.</remarks>
public sealed class InspectSession(CrashedKernel kernel)
{
    private KernelTask? _chosen;

    /// <summary>The kernel to look at.</summary>
    public CrashedKernel Kernel { get; } = kernel;

    /// <summary>The task that commands mean when none is named: the one chosen, else the one that crashed; null when that is not known.</summary>
    public KernelTask? Task
    {
        get => _chosen ?? Kernel.CrashedTask;
        set => _chosen = value;
    }
}
