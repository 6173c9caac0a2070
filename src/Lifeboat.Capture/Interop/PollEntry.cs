using System.Runtime.InteropServices;

namespace Lifeboat.Capture.Interop;

/// <summary>What is waited for on a descriptor, and what came (struct pollfd).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    internal int Descriptor;
    internal short Wanted;
    internal short Came;
}
