using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Vmcore;

/// <summary>The kinds of diagnostics that this room gives.</summary>
public static class VmcoreDiagnosticIds
{
    /// <summary>The file is no dump of a format that is known.</summary>
    public static DiagnosticId UnknownFormat { get; } = new(2001, "unknown dump format");

    /// <summary>A header's field has a value that cannot be.</summary>
    public static DiagnosticId BadHeader { get; } = new(2002, "damaged header");

    /// <summary>The file ends before something that its headers promise.</summary>
    public static DiagnosticId Truncated { get; } = new(2003, "truncated dump");

    /// <summary>A count or length is beyond what is believed of an input.</summary>
    public static DiagnosticId BeyondLimit { get; } = new(2004, "beyond the limits");

    /// <summary>The dump is of a kind that cannot be read yet.</summary>
    public static DiagnosticId Unsupported { get; } = new(2005, "unsupported dump");

    /// <summary>The notes are damaged.</summary>
    public static DiagnosticId BadNotes { get; } = new(2006, "damaged notes");

    /// <summary>The dump says that it was not written to the end.</summary>
    public static DiagnosticId Incomplete { get; } = new(2007, "incomplete dump");

    /// <summary>VMCOREINFO lacks something that is needed.</summary>
    public static DiagnosticId MissingKey { get; } = new(2008, "missing VMCOREINFO key");

    /// <summary>A class of pages could not be told apart, so that its pages are kept.</summary>
    public static DiagnosticId ClassKept { get; } = new(2009, "page class kept");

    /// <summary>Part of the kernel's memory map could not be read or makes no sense; its pages are kept.</summary>
    public static DiagnosticId BadMemoryMap { get; } = new(2010, "damaged memory map");

    /// <summary>Pages could not be read and are missing from what was written.</summary>
    public static DiagnosticId UnreadablePages { get; } = new(2011, "unreadable pages");

    /// <summary>Files that should be the parts of one split dump are not.</summary>
    public static DiagnosticId PartsDiffer { get; } = new(2012, "parts of different dumps");

    /// <summary>A part of a split dump is missing.</summary>
    public static DiagnosticId PartMissing { get; } = new(2013, "missing part");

    /// <summary>The dump did not fit, and was written again at a higher level.</summary>
    public static DiagnosticId LevelRaised { get; } = new(2019, "level raised");

    /// <summary>Parts of a file contradict each other: its counts, its bitmaps, its table of pages.</summary>
    public static DiagnosticId Contradiction { get; } = new(2020, "contradictory dump");
}
