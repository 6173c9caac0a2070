using Lifeboat.Core.Linux;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Rules;

/// <summary>One check of the kernel's own on what kexec_load or kexec_file_load is given.</summary>
/// <param name="Name">A name for it.</param>
/// <param name="Statement">What it asks for.</param>
/// <param name="Errno">What the kernel answers when it is broken.</param>
/// <param name="Remedy">What to do when it is.</param>
public sealed record KexecRule(string Name, string Statement, Errno Errno, string Remedy)
{
    /// <summary>
    /// Whether it asks something of the machine or of who calls, and not of the call: no other plan changes it.
    /// </summary>
    public bool IsAboutTheMachine { get; init; }

    /// <summary>The first kernel that has it here; null for all that are known.</summary>
    public KernelVersion? Since { get; init; }

    /// <summary>The first kernel that no longer has it here; null for none.</summary>
    public KernelVersion? Before { get; init; }

    /// <summary>Whether kernels of <paramref name="version"/> have it; one that is unknown is taken for a new one.</summary>
    public bool AppliesTo(KernelVersion? version) =>
        version is null ? Before is null : (Since is null || version >= Since) && (Before is null || version < Before);
}
