using System.Runtime.InteropServices;

namespace Lifeboat.Core.Linux;

/// <summary>Error numbers in words.</summary>
public static class ErrnoText
{
    /// <summary>The number's name and the C library's sentence for it: <c>ENOSPC (No space left on device)</c>.</summary>
    public static string Describe(this Errno errno) =>
        $"{(Enum.IsDefined(errno) ? errno.ToString() : $"errno {(int)errno}")} ({Marshal.GetPInvokeErrorMessage((int)errno)})";
}
