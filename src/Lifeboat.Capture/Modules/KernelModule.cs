namespace Lifeboat.Capture.Modules;

/// <summary>A module that has a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its file on this machine.</param>
public sealed record KernelModule(ModuleName Name, string Path);
