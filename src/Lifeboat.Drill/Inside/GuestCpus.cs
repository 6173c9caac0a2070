using System.Runtime.InteropServices;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Drill.Inside.Interop;

namespace Lifeboat.Drill.Inside;

/// <summary>The guest's CPUs.</summary>
internal static class GuestCpus
{
    private const int MaxCpus = 1024;

    /// <summary>Whether the kernel keeps the ELF core header of what is loaded up to date as CPUs come and go (Linux 6.6 and later).</summary>
    internal static bool KernelFollows =>
        File.Exists("/sys/devices/system/cpu/crash_hotplug") && File.ReadAllText("/sys/devices/system/cpu/crash_hotplug").Trim() == "1";

    /// <summary>Starts a CPU that was added, once the kernel has seen it.</summary>
    internal static void BringUp(int cpu)
    {
        string file = $"/sys/devices/system/cpu/cpu{cpu}/online";
        for (int tries = 0; !File.Exists(file) && tries < 300; tries++)
        {
            Thread.Sleep(100);
        }

        if (File.ReadAllText(file).Trim() != "1")
        {
            File.WriteAllText(file, "1");
        }
    }

    /// <summary>Has this thread, and what it starts, run on one CPU only.</summary>
    /// <exception cref="KernelInterfaceException">The guest does not have it.</exception>
    internal static unsafe void RunOn(int cpu)
    {
        ulong* mask = stackalloc ulong[MaxCpus / 64];
        new Span<ulong>(mask, MaxCpus / 64).Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);

        // Safety: the mask has as many bytes as the call is told.
        if (LibC.SetAffinity(0, MaxCpus / 8, mask) != 0)
        {
            throw new KernelInterfaceException("sched_setaffinity", $"CPU {cpu}", (Errno)Marshal.GetLastPInvokeError());
        }
    }
}
