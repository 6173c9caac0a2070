using System.Runtime.InteropServices;

namespace Lifeboat.Kexec.Loading.Interop;

/// <summary>A segment as the system call takes it (struct kexec_segment).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeSegment
{
    internal nint Buffer;
    internal nuint BufferSize;
    internal nuint Memory;
    internal nuint MemorySize;
}
