using System.Diagnostics;
using System.Runtime.InteropServices;
using Lifeboat.Capture.Init;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;
using Lifeboat.Drill.Crashes;
using Lifeboat.Drill.Inside.Interop;

namespace Lifeboat.Drill.Inside;

/// <summary>Crashes the guest's kernel in the way that was asked for.</summary>
internal static class CrashMaker
{
    /// <summary>The name (comm) of the process that crashes the kernel, or is in the way of the crash.</summary>
    internal const string WorkerName = "lb-crash";

    private const string Kernel = "/proc/sys/kernel/";
    private const string ModuleList = "/run/lifeboat-crash";
    private const string FrozenFile = "/frozen";
    private const int FreezeFileSystem = unchecked((int)0xC004_5877); // FIFREEZE
    private const int HogStep = 4 << 20;

    /// <summary>Sets what makes the kernel panic.</summary>
    internal static void Prepare(DrillCrash crash)
    {
        switch (crash)
        {
            case DrillCrash.SoftLockup:
                Set("watchdog_thresh", "3");
                Set("softlockup_panic", "1");
                break;
            case DrillCrash.HungTask:
                Set("hung_task_panic", "1");
                Set("hung_task_timeout_secs", "2");
                Set("hung_task_check_interval_secs", "1");
                break;
            case DrillCrash.Oom:
                File.WriteAllText("/proc/sys/vm/panic_on_oom", "2");
                break;
            case DrillCrash.Nmi:
                Set("unknown_nmi_panic", "1");
                break;
            default:
                Set("panic_on_oops", "1");
                break;
        }
    }

    /// <summary>Crashes, from process 1. Does not return, unless the crash fails to come.</summary>
    internal static void Crash(DrillCrash crash)
    {
        if (crash == DrillCrash.Sysrq)
        {
            File.WriteAllText("/proc/sysrq-trigger", "c");
        }

        Prepare(crash);
        if (CrashPlan.Of(crash).MonitorCommand is null)
        {
            using Process worker = Process.Start(RamdiskLayout.Init, [WorkerProcess.Argument, DrillCrashNames.NameOf(crash)]);
        }

        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>What the process does that crashes the kernel.</summary>
    internal static void RunWorker(DrillCrash crash)
    {
        _ = LibC.Prctl(LibC.PrSetName, WorkerName);
        switch (crash)
        {
            case DrillCrash.HungTask:
                Freeze();
                File.WriteAllText(RamdiskLayout.TargetMount + FrozenFile, "never written");
                break;
            case DrillCrash.Oom:
                while (LibC.MapMemory(
                    0, HogStep, LibC.ProtReadWrite, LibC.MapPrivateAnonymous | LibC.MapPopulate, -1, 0) != -1)
                {
                }

                break;
            default:
                File.WriteAllText(ModuleList, GuestPlan.CrashModulePath);
                throw new KernelInterfaceException("load", GuestPlan.CrashModulePath, EarlyUserspace.LoadModules(ModuleList)[0].Errno);
        }
    }

    private static void Freeze()
    {
        int folder = LibC.Open(RamdiskLayout.TargetMount, 0, 0);
        if (folder < 0 || LibC.DeviceControl(folder, FreezeFileSystem, 0) != 0)
        {
            throw new KernelInterfaceException("FIFREEZE", RamdiskLayout.TargetMount, (Errno)Marshal.GetLastPInvokeError());
        }
    }

    private static void Set(string name, string value) => File.WriteAllText(Kernel + name, value);
}
