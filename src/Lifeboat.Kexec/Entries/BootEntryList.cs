using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Kexec.Entries;

/// <summary>The boot loader's menu, and which entry it would start by itself.</summary>
public sealed record BootEntryList
{
    /// <summary>The boot loader: <c>grub</c>, <c>systemd-boot</c>; null when none was found.</summary>
    public string? Loader { get; init; }

    /// <summary>The entries in the menu's order, submenus opened in place.</summary>
    public required IReadOnlyList<BootEntry> Entries { get; init; }

    /// <summary>The entry that is next; null when that cannot be told, which <see cref="Problems"/> explain.</summary>
    public BootEntry? Next { get; init; }

    /// <summary>Why that one is next: the setting that says so; null with <see cref="Next"/>.</summary>
    public string? Why { get; init; }

    /// <summary>What keeps the next entry from being told.</summary>
    public IReadOnlyList<Diagnostic> Problems { get; init; } = [];

    /// <summary>The entry that is next, when it can be started from here.</summary>
    /// <exception cref="DiagnosticException">It cannot be told which is next, or it cannot be started; says by name why.</exception>
    public BootEntry RequireNext() =>
        Next is null ? throw new DiagnosticException(Problems)
            : Next.IsBootable ? Next
            : throw new DiagnosticException(Next.Problems);
}
