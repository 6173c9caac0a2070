using System.Runtime.InteropServices;
using Lifeboat.Core.Linux;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Planning;
using Microsoft.Win32.SafeHandles;

namespace Lifeboat.Kexec.Loading.Interop;

/// <summary>The system calls that load an image, for which the C library has no functions.</summary>
internal static partial class KexecCalls
{
    private const nint KexecLoadNumberX8664 = 246;
    private const nint KexecFileLoadNumberX8664 = 320;
    private const nint NoFile = -1;

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
                return Answer(Syscall(
                    KexecLoadNumberX8664, (nint)entry.Value, native.Length, (nint)first, (nint)(uint)flags, 0));
            }
        }
        finally
        {
            pins.Dispose();
        }
    }

    /// <summary>Loads files; with <see cref="FileLoadFlags.Unload"/> takes back what the flags name, without any.</summary>
    /// <param name="kernel">The kernel; null to unload.</param>
    /// <param name="ramdisk">The ramdisk; null when the flags say that there is none.</param>
    /// <param name="commandLine">The command line with its ending NUL; empty for none.</param>
    /// <param name="flags">The flags.</param>
    internal static unsafe Errno LoadFile(
        SafeFileHandle? kernel, SafeFileHandle? ramdisk, ReadOnlySpan<byte> commandLine, FileLoadFlags flags)
    {
        // Safety: the caller holds both handles open during the call, and the line is pinned; its length goes with it.
        fixed (byte* line = commandLine)
        {
            nint result = Syscall(
                KexecFileLoadNumberX8664,
                kernel?.DangerousGetHandle() ?? NoFile,
                ramdisk?.DangerousGetHandle() ?? NoFile,
                commandLine.Length,
                (nint)line,
                (nint)(uint)flags);
            GC.KeepAlive(kernel);
            GC.KeepAlive(ramdisk);
            return Answer(result);
        }
    }

    private static Errno Answer(nint result) => result == 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);
}
