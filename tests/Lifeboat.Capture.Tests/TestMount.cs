using Lifeboat.Capture.Interop;

namespace Lifeboat.Capture.Tests;

/// <summary>What a test mounted.</summary>
internal static class TestMount
{
    private const int Detach = 2; // MNT_DETACH

    /// <summary>
    /// Takes it away as soon as nobody uses it: a program that another test starts has its files open between fork and exec.
    /// </summary>
    internal static void Remove(string folder) => Assert.Equal(0, LibC.Unmount(folder, Detach));
}
