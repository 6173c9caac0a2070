using Lifeboat.Kexec.Entries.Loader;

namespace Lifeboat.Kexec.Entries.Grub;

/// <summary>One item of a menu: an entry, a submenu, or an entry file that the menu shows.</summary>
internal sealed record GrubMenuItem(GrubValue Title, string? Id, string Source, int Line)
{
    internal IReadOnlyList<GrubStatement> Body { get; init; } = [];

    /// <summary>The words after the title, which the body sees as $1 and on (the title is the first).</summary>
    internal IReadOnlyList<GrubValue> Arguments { get; init; } = [];

    internal bool IsSubmenu { get; init; }

    /// <summary>The entry file, for an item that comes of one (blscfg).</summary>
    internal LoaderEntryFile? EntryFile { get; init; }

    /// <summary>What it starts, once it was run.</summary>
    internal BootEntry? Entry { get; set; }

    /// <summary>The menu below it, once it was opened.</summary>
    internal GrubMenu? Submenu { get; set; }
}
