using Lifeboat.Core.Linux;

namespace Lifeboat.Core.Diagnostics;

/// <summary>The running kernel, or the machine it runs on, refused an operation.</summary>
/// <param name="operation">What was asked for: <c>mount</c>, <c>kexec_load</c>, <c>read</c>.</param>
/// <param name="path">What it was asked of: a path, a device, a module; null when there is none.</param>
/// <param name="errno">The kernel's answer.</param>
/// <param name="remedy">What to do about it; null when nothing is known.</param>
public sealed class KernelInterfaceException(string operation, string? path, Errno errno, string? remedy = null)
    : Exception($"{operation}{(path is null ? "" : $" {path}")}: {errno.Describe()}{(remedy is null ? "" : $". {remedy}")}")
{
    /// <summary>What was asked for.</summary>
    public string Operation { get; } = operation;

    /// <summary>What it was asked of; null when there is nothing to name.</summary>
    public string? Path { get; } = path;

    /// <summary>The kernel's answer.</summary>
    public Errno Errno { get; } = errno;

    /// <summary>What to do about it; null when nothing is known.</summary>
    public string? Remedy { get; } = remedy;
}
