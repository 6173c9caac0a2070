namespace Lifeboat.Symbols.Unwinding;

/// <summary>A symbol of a loaded module.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="Symbol">The symbol.</param>
public sealed record ModuleSymbol(string Module, KernelSymbol Symbol);
