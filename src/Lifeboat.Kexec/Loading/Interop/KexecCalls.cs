using System.Runtime.InteropServices;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Planning;

namespace Lifeboat.Kexec.Loading.Interop;

/// <summary>The kexec_load system call, for which the C library has no function.</summary>
internal static partial class KexecCalls
{
    private const long KexecLoadNumberX8664 = 246;

    /// <summary>Loads <paramref name="segments"/>; with none, unloads what the flags name.</summary>
    internal static unsafe Errno Load(
        PhysicalAddress entry, IReadOnlyList<LoadSegment> segments, KexecLoadFlags flags)
    {
        var native = new NativeSegment[segments.Count];
        var pins = new MemoryHandleList(segments.Count);
        try
        {
            for (int i = 0; i < segments.Count; i++)
            {
                LoadSegment segment = segments[i];
                native[i] = new NativeSegment
                {
                    // Safety: the buffer stays pinned until the call has returned.
                    Buffer = pins.Pin(segment.Content),
                    BufferSize = (nuint)segment.Content.Length,
                    Memory = (nuint)segment.Range.Start.Value,
                    MemorySize = (nuint)segment.Range.Length.Value,
                };
            }

            // Safety: the kernel reads as many segments as it is told, and each buffer up to its size.
            fixed (NativeSegment* first = native)
            {
                nint result = Syscall(
                    (nint)KexecLoadNumberX8664, (nint)entry.Value, native.Length, (nint)first, (nint)(uint)flags);
                return result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();
            }
        }
        finally
        {
            pins.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint entry, nint count, nint segments, nint flags);
}
