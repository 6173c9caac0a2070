using System.Text;
using Lifeboat.Capture.Interop;
using Lifeboat.Capture.Network;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Storage;

/// <summary>Connects to NVMe subsystems of other hosts. The kernel does it; it is told through a device.</summary>
internal static class NvmeFabrics
{
    /// <summary>The device that takes one line of options, and connects before the write is over.</summary>
    internal const string Device = "/dev/nvme-fabrics";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Connects, and tries again while the host cannot be reached.</summary>
    /// <param name="options">The options.</param>
    /// <param name="limit">For how long.</param>
    /// <param name="time">Measures the time.</param>
    /// <param name="write">Hands the options to the kernel; null writes them to <see cref="Device"/>.</param>
    /// <returns>Why it did not come to be; null when it did.</returns>
    internal static string? Connect(string options, TimeSpan limit, TimeProvider time, Func<string, Errno>? write = null)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            switch (Attempt(write ?? Write, options, limit - time.GetElapsedTime(start)))
            {
                case Errno.None or Errno.EALREADY:
                    return null;
                case null:
                    return $"no answer within {limit.TotalSeconds:0.#} s";
                case { } answer when !MayPass(answer) || time.GetElapsedTime(start) + Pause >= limit:
                    return $"{answer.Describe()}; the kernel's log may say more";
            }

            TimedWait.For(time, Pause, CancellationToken.None);
        }
    }

    // The kernel may hold a write longer than anybody waits: the thread is left behind with it.
    private static Errno? Attempt(Func<string, Errno> write, string options, TimeSpan limit)
    {
        Errno answer = Errno.None;
        var done = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            answer = write(options);
            done.Set();
        })
        {
            IsBackground = true,
            Name = "NVMe",
        };
        thread.Start();
        return done.Wait(limit) ? answer : null;
    }

    private static bool MayPass(Errno answer) => answer
        is Errno.ECONNREFUSED or Errno.ECONNRESET or Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.ETIMEDOUT;

    private static unsafe Errno Write(string options)
    {
        int descriptor = LibC.Open(Device, LibC.OpenReadWrite | LibC.OpenCloseOnExec);
        if (descriptor < 0)
        {
            return LastErrno.Get();
        }

        byte[] line = Encoding.UTF8.GetBytes(options);
        Errno answer;

        // Safety: pinned for the call, with its length.
        fixed (byte* start = line)
        {
            answer = LibC.Write(descriptor, start, (nuint)line.Length) < 0 ? LastErrno.Get() : Errno.None;
        }

        _ = LibC.Close(descriptor);
        return answer;
    }
}
