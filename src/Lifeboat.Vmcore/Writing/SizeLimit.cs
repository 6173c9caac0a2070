using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;

namespace Lifeboat.Vmcore.Writing;

/// <summary>The size that a dump may have.</summary>
internal static class SizeLimit
{
    /// <exception cref="KernelInterfaceException">The dump would be larger (EFBIG).</exception>
    internal static void Check(ulong size, ByteCount? maxSize, string? path)
    {
        if (maxSize is { } most && size > most.Value)
        {
            throw new KernelInterfaceException(
                "write", path, Errno.EFBIG, $"The dump does not fit the {most} that it may have: raise that, or the level");
        }
    }
}
