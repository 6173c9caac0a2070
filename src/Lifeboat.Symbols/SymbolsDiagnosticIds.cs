using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Symbols;

/// <summary>The kinds of diagnostics that this room gives.</summary>
public static class SymbolsDiagnosticIds
{
    /// <summary>The kernel's table of symbols (kallsyms) is not found.</summary>
    public static DiagnosticId NoSymbols { get; } = new(8001, "no kernel symbols");

    /// <summary>The table of symbols contradicts itself.</summary>
    public static DiagnosticId DamagedSymbols { get; } = new(8002, "damaged kernel symbols");

    /// <summary>The kernel's type data (BTF) is not found.</summary>
    public static DiagnosticId NoTypes { get; } = new(8003, "no kernel types");

    /// <summary>The type data contradicts itself.</summary>
    public static DiagnosticId DamagedTypes { get; } = new(8004, "damaged kernel types");

    /// <summary>Memory that holds symbols or types cannot be read.</summary>
    public static DiagnosticId Unreadable { get; } = new(8005, "unreadable symbols or types");

    /// <summary>A count or length is beyond what is believed of an input.</summary>
    public static DiagnosticId BeyondLimit { get; } = new(8006, "beyond the limits");

    /// <summary>The kernel's table to unwind stacks by (ORC) is not found.</summary>
    public static DiagnosticId NoUnwindTable { get; } = new(8007, "no unwind table");

    /// <summary>The table to unwind stacks by contradicts itself.</summary>
    public static DiagnosticId DamagedUnwindTable { get; } = new(8008, "damaged unwind table");

    /// <summary>A file of symbols or types, given to read a dump with, is of another kernel.</summary>
    public static DiagnosticId OtherKernel { get; } = new(8009, "a file of another kernel");

    /// <summary>Such a file is damaged, or is none.</summary>
    public static DiagnosticId DamagedFile { get; } = new(8010, "damaged file of symbols");
}
