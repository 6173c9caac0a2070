using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Modules;

/// <summary>Modules and all that they need.</summary>
/// <param name="LoadOrder">The modules that have a file, each after those it depends on.</param>
/// <param name="BuiltIn">Wanted names that the kernel has built in.</param>
/// <param name="Notices">Soft dependencies that were not found: the kernel may have them built in under another name.</param>
public sealed record ModuleClosure(
    IReadOnlyList<KernelModule> LoadOrder, IReadOnlyList<ModuleName> BuiltIn, IReadOnlyList<Diagnostic> Notices);
