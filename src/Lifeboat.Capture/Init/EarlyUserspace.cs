using Lifeboat.Capture.Interop;
using Lifeboat.Capture.Modules;
using Lifeboat.Capture.Ramdisk;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Linux;

namespace Lifeboat.Capture.Init;

/// <summary>The first things that process 1 of a ramdisk of ours does.</summary>
public static class EarlyUserspace
{
    private const MountOptions Kernel = MountOptions.NoSetUserId | MountOptions.NoDevices | MountOptions.NoPrograms;

    // A list longer than this was not written by the ramdisk's builder.
    private const int MaxModules = 4096;

    /// <summary>
    /// Mounts /proc, /sys and /dev (devtmpfs); what is mounted already stays. Afterwards new devices appear in /dev
    /// by themselves.
    /// </summary>
    /// <exception cref="KernelInterfaceException">The kernel refuses.</exception>
    public static void MountBasics()
    {
        MountUnlessMounted("proc", "/proc", Kernel);
        MountUnlessMounted("sysfs", "/sys", Kernel);
        MountUnlessMounted("devtmpfs", "/dev", MountOptions.NoSetUserId);
    }

    /// <summary>
    /// Opens /dev/console, or else /dev/null, for those of the standard descriptors that are closed: the kernel starts
    /// process 1 without them when it finds no console, and the next file to be opened would take their place and get
    /// the lines meant for the console. Call it first.
    /// </summary>
    public static void OpenConsole()
    {
        const int Flags = LibC.OpenReadWrite | LibC.OpenNoTerminal;
        while (true)
        {
            // The lowest free descriptor is given: one above 2 says that the three are in use.
            int descriptor = LibC.Open("/dev/console", Flags);
            if (descriptor < 0)
            {
                descriptor = LibC.Open("/dev/null", Flags);
            }

            if (descriptor is < 0 or > 2)
            {
                _ = descriptor > 2 ? LibC.Close(descriptor) : 0;
                return;
            }
        }
    }

    /// <summary>
    /// Loads the modules that the ramdisk lists, in the list's order, each with the parameters in the list and then, as modprobe does, those
    /// on the kernel's command line (<c>module.parameter=value</c>), which win; process 1 removes each file that was loaded.
    /// </summary>
    /// <param name="list">The list's path, <see cref="RamdiskLayout.ModuleList"/>; without a file nothing is loaded.</param>
    /// <returns>One result for each module. A refusal is no error here: a module for other hardware (crc32c_intel)
    /// refuses where its hardware is missing, and what really is missing shows when it is used.</returns>
    public static IReadOnlyList<ModuleLoadResult> LoadModules(string list = RamdiskLayout.ModuleList)
    {
        if (!File.Exists(list))
        {
            return [];
        }

        string commandLine = SystemFile.Text("/proc/cmdline") ?? "";
        return
        [
            .. File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0).Take(MaxModules)
                .Select(RamdiskModule.Parse).Select(module => new ModuleLoadResult(module.Path, LoadAndDiscard(module, commandLine))),
        ];
    }

    /// <summary>Lets the kernel write emergencies only to the console: its lines break into those of others.</summary>
    public static void SilenceKernel()
    {
        try
        {
            File.WriteAllText("/proc/sys/kernel/printk", "1");
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // Without /proc it goes on writing, and whoever reads the console has to bear it.
        }
    }

    // The kernel has its own copy of a loaded module, and the ramdisk's file is memory that a small reservation misses.
    // Only process 1 of a ramdisk does so: elsewhere the files are somebody's.
    private static Errno LoadAndDiscard(RamdiskModule module, string commandLine)
    {
        string here = ModuleName.TryFromPath(module.Path, out ModuleName? name) ? KernelCommandLine.ForModule(commandLine, name.Value) : "";
        Errno errno = KernelModuleLoader.Load(module.Path, $"{module.Parameters} {here}".Trim());
        if (errno == Errno.None && Environment.ProcessId == 1)
        {
            File.Delete(module.Path);
        }

        return errno;
    }

    private static void MountUnlessMounted(string kind, string folder, MountOptions options)
    {
        Directory.CreateDirectory(folder);
        try
        {
            FileSystemMount.Mount(kind, folder, kind, options);
        }
        catch (KernelInterfaceException refusal) when (refusal.Errno == Errno.EBUSY)
        {
            // It is mounted there already.
        }
    }
}
