using Lifeboat.Core.Linux;

namespace Lifeboat.Kexec.Planning;

/// <summary>Makes a capture kernel's command line from the running kernel's.</summary>
public static class CaptureCommandLine
{
    /// <summary>
    /// What is not taken over, by name (a dot at the end stands for all that begin so): what belongs to the running
    /// kernel's own start or reservation, what takes memory that a reservation does not have, what limits memory or
    /// CPUs in terms of the whole machine, and what is set anew. An oops is no panic here: a driver that stumbles over a device as the crash left
    /// it must not cost the dump, and what it takes with it is ended by the watchdogs.
    /// </summary>
    private static readonly string[] Dropped =
    [
        "BOOT_IMAGE", "initrd", "root", "rootflags", "rootfstype", "rootwait", "ro", "rw", "resume", "resume_offset",
        "init", "rdinit", "quiet", "splash", "crashkernel", "elfcorehdr", "acpi_rsdp",
        "kexec_jump_back_entry", "mem", "memmap", "movablecore",
        "kernelcore", "hugepages", "hugepagesz", "default_hugepagesz", "hugetlb_cma", "cma", "swiotlb",
        "log_buf_len", "trace_buf_size", "ftrace_dump_on_oops", "trace_event", "ftrace", "slub_debug", "slab_debug",
        "page_owner", "page_poison", "kasan", "kmemleak", "init_on_alloc", "init_on_free", "transparent_hugepage",
        "nr_cpus", "maxcpus", "possible_cpus", "isolcpus", "nohz_full", "rcu_nocbs", "irqaffinity", "numa",
        "reset_devices", "irqpoll", "kaslr", "nokaslr", "panic", "panic_print", "panic_on_oops", "panic_on_warn",
        "softlockup_panic", "hung_task_panic", "crash_kexec_post_notifiers", "cgroup_disable", "hest_disable",
        "novmcoredd", "acpi_no_memhotplug", "oops", "sysctl.", "systemd.", "rd.",
    ];

    /// <summary>
    /// What is added. nr_cpus=1: the other CPUs are halted in the crashed kernel, and each would take memory.
    /// reset_devices, irqpoll: devices are as the crash left them, and so are their interrupts. nokaslr: the kernel
    /// stays where it was placed, at the bottom of the reservation, which leaves the largest contiguous room; a
    /// machine that is about to reset gains nothing from hiding it. numa=off, cgroup_disable=memory,
    /// transparent_hugepage=never: memory for accounting, and pages given out in 2 MiB, are not affordable here.
    /// acpi_no_memhotplug: memory beyond the reservation must not appear. hest_disable: hardware errors recorded before
    /// the crash must not end the capture. novmcoredd: drivers may not take memory to dump their devices.
    /// initcall_blacklist: tracefs gets a folder for each of thousands of trace events, 8 MiB of slab on 6.1 that nobody
    /// looks at here; a kernel without a function of that name ignores it.
    /// DOTNET_GCGen0MaxBudget: the kernel hands what it does not know to init, which is our program, as environment. Garbage is
    /// collected each 256 KiB (the number is hexadecimal). By default it is each several MB, by the size of memory and of the
    /// CPU's cache: a collection then can come when most is in use, and holds part of it twice.
    /// </summary>
    private static readonly string[] Added =
    [
        "nr_cpus=1", "reset_devices", "irqpoll", "nokaslr", "numa=off", "cgroup_disable=memory",
        "transparent_hugepage=never", "acpi_no_memhotplug", "hest_disable", "novmcoredd",
        "initcall_blacklist=tracer_init_tracefs", "DOTNET_GCGen0MaxBudget=40000",
    ];

    private const string CpuCount = "nr_cpus";
    private const string DisabledCpu = "disable_cpu_apicid";

    /// <summary>Seconds after which a capture kernel that panics itself resets the machine.</summary>
    public const int DefaultPanicSeconds = 10;

    /// <summary>
    /// The running kernel's parameters without those that hurt, then those a capture kernel wants, then
    /// <paramref name="append"/>, which so has the last word; of two <c>nr_cpus=</c> the kernel would take the smaller, so only that one stays.
    /// </summary>
    /// <param name="running">The running kernel's command line, /proc/cmdline.</param>
    /// <param name="append">What the user adds; null or empty for nothing.</param>
    /// <param name="panicSeconds">The capture kernel's <c>panic=</c>.</param>
    /// <param name="bootCpu">The APIC ID of the CPU that the machine booted on; null when unknown. A capture kernel with several CPUs
    /// that starts on another one leaves it halted: woken up as the others are, it resets the machine.</param>
    public static string FromRunning(string running, string? append = null, int panicSeconds = DefaultPanicSeconds, uint? bootCpu = null)
    {
        string[] appended = KernelCommandLine.Split(append ?? "");
        List<string> words = KernelParameters.Without(running, [], out _);
        words.RemoveAll(IsDropped);
        words.AddRange(Added);
        words.Add($"panic={panicSeconds}");
        if (Array.Exists(appended, word => KernelCommandLine.NameOf(word) == CpuCount))
        {
            words.RemoveAll(word => KernelCommandLine.NameOf(word) == CpuCount);
            if (bootCpu is { } id && !Array.Exists(appended, word => KernelCommandLine.NameOf(word) == DisabledCpu))
            {
                words.Add($"{DisabledCpu}={id}");
            }
        }

        words.AddRange(appended);
        return string.Join(' ', words);
    }

    private static bool IsDropped(string word)
    {
        string name = KernelCommandLine.NameOf(word);
        return Array.Exists(Dropped, dropped => dropped.EndsWith('.')
            ? name.StartsWith(dropped, StringComparison.Ordinal)
            : name.Equals(dropped, StringComparison.Ordinal));
    }
}
