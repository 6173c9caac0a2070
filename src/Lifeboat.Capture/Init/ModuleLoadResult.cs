using Lifeboat.Capture.Modules;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Init;

/// <summary>What became of loading a module.</summary>
/// <param name="Path">Its file in the ramdisk.</param>
/// <param name="Errno">The kernel's answer; <see cref="Errno.None"/> when it is loaded, or was already.</param>
public sealed record ModuleLoadResult(string Path, Errno Errno)
{
    /// <summary>Whether the module is in the kernel now.</summary>
    public bool IsLoaded => Errno == Errno.None;

    /// <summary>The name of the module; the path when it has none of a module.</summary>
    public string Name => ModuleName.TryFromPath(Path, out ModuleName? name) ? name.Value : Path;
}
