namespace Lifeboat.Drill.Kernels;

/// <summary>A kernel and what belongs to it.</summary>
public sealed record KernelTree
{
    /// <summary>The kernel image, a bzImage.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The folder with its modules, <c>lib/modules/RELEASE</c>.</summary>
    public required string ModulesFolder { get; init; }

    /// <summary>The configuration it was built with (<c>config-RELEASE</c>); null when there is none to read.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>Where it comes from, for the report: the command line, this machine, a package.</summary>
    public required string Origin { get; init; }
}
