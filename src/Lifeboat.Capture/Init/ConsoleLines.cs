using System.Text;
using Lifeboat.Capture.Interop;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Init;

/// <summary>
/// Writes lines to a console's descriptor, each with one call so that the kernel's own lines do not break into them,
/// and never fails: a broken console must not stop a capture.
/// </summary>
/// <remarks><para><b>Thread safety.</b> Safe; lines of several threads do not mix.</para></remarks>
public sealed class ConsoleLines(int descriptor)
{
    /// <summary>Writes a line.</summary>
    public unsafe void Write(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");

        // Safety: the array is pinned for the calls, and the length is what is left of it.
        fixed (byte* start = bytes)
        {
            int written = 0;
            while (written < bytes.Length)
            {
                nint result = LibC.Write(descriptor, start + written, (nuint)(bytes.Length - written));
                if (result <= 0)
                {
                    if (result < 0 && LastErrno.Get() == Errno.EINTR)
                    {
                        continue;
                    }

                    return;
                }

                written += (int)result;
            }
        }
    }

    /// <summary>Waits until a serial line has sent everything; on other files nothing happens.</summary>
    public void Drain() => _ = LibC.DrainTerminal(descriptor);
}
