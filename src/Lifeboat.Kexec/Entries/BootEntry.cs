using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Entries;

/// <summary>One entry of the boot loader's menu that starts an installed system.</summary>
/// <remarks>Paths are absolute below the root that was read, with a slash first.</remarks>
public sealed record BootEntry
{
    /// <summary>What the menu shows; the titles of the menus above stand before it with <c> &gt; </c> between.</summary>
    public required string Title { get; init; }

    /// <summary>What the boot loader knows it by: an id of grub, or the name of the entry's file.</summary>
    public required string Id { get; init; }

    /// <summary>The kernel, or the unified kernel image; null when there is none that could be named.</summary>
    public string? Kernel { get; init; }

    /// <summary>The ramdisks, in the order in which they are joined.</summary>
    public IReadOnlyList<string> Ramdisks { get; init; } = [];

    /// <summary>The command line; null when it lies in the kernel file (a unified kernel image).</summary>
    public string? CommandLine { get; init; }

    /// <summary>The file that defines it.</summary>
    public required string Source { get; init; }

    /// <summary>The line in <see cref="Source"/>, from 1; 0 where the file is an image.</summary>
    public int Line { get; init; }

    /// <summary>Why it cannot be started from here: each names what is missing, or what could not be evaluated.</summary>
    public IReadOnlyList<Diagnostic> Problems { get; init; } = [];

    /// <summary>Whether all that is needed to start it is known and there.</summary>
    public bool IsBootable => Kernel is not null && Problems.Count == 0;
}
