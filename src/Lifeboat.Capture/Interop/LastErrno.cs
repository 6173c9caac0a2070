using System.Runtime.InteropServices;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Interop;

/// <summary>Maps the C library's errno.</summary>
internal static class LastErrno
{
    internal static Errno Get() => (Errno)Marshal.GetLastPInvokeError();
}
