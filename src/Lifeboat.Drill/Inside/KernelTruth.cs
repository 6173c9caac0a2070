using System.Text;
using Lifeboat.Core.Archives;

namespace Lifeboat.Drill.Inside;

/// <summary>
/// Saves what the kernel says of itself just before the crash, as files of a cpio archive, by their paths in /proc: what is
/// read from the dump is compared with it.
/// </summary>
/// <remarks>
/// What stays is saved first, what changes by the moment last. A file <c>links</c> of a process has a line
/// <c>name -> target</c> for each symbolic link (fd/3, cwd, exe, ns/net).
/// </remarks>
internal sealed class KernelTruth
{
    /// <summary>The archive's name, on the target disk and beside the dump.</summary>
    public const string FileName = "truth.cpio";

    private const int Permissions = 0x1A4; // rw-r--r--

    private static readonly string[] Lasting =
    [
        "kallsyms", "modules", "iomem", "ioports", "cpuinfo", "cmdline", "version", "filesystems", "devices", "misc", "partitions",
        "consoles", "crypto", "cgroups", "execdomains", "key-users", "keys", "sys/kernel/osrelease", "sys/kernel/hostname",
        "sys/kernel/tainted", "sys/kernel/pid_max", "sys/kernel/random/boot_id",
    ];

    private static readonly string[] Passing =
    [
        "swaps", "locks", "mounts", "sysvipc/shm", "sysvipc/sem", "sysvipc/msg", "interrupts", "softirqs", "stat", "schedstat",
        "timer_list", "diskstats", "loadavg", "uptime", "sys/fs/file-nr", "sys/fs/inode-nr", "sys/fs/dentry-state", "pagetypeinfo",
        "vmallocinfo", "slabinfo", "buddyinfo", "zoneinfo", "vmstat", "meminfo",
    ];

    private static readonly string[] OfProcess =
    [
        "cmdline", "environ", "auxv", "maps", "smaps_rollup", "statm", "mountinfo", "cgroup", "limits", "io", "oom_score_adj", "timers",
    ];

    // The state first and last: a task that has run between them shows it by its count of switches.
    private static readonly string[] OfThread = ["status", "stat", "stack", "wchan", "syscall", "schedstat", "children"];

    private readonly CpioWriter _writer;
    private readonly string _proc;
    private int _count;

    private KernelTruth(Stream archive, string proc) => (_writer, _proc) = (new CpioWriter(archive), proc);

    /// <summary>Saves it, durably.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="proc">Where the kernel says it.</param>
    /// <returns>How many files it has.</returns>
    public static int Save(string path, string proc = "/proc")
    {
        File.WriteAllText(Path.Combine(proc, "sys/kernel/kptr_restrict"), "0");
        using FileStream archive = File.Create(path);
        var truth = new KernelTruth(archive, proc);
        truth.SaveAll(Lasting);
        archive.Flush(flushToDisk: true);

        // Until here the disk was busy. The rest goes through memory, so that all of it is of nearly one moment.
        using var memory = new MemoryStream(1 << 22);
        var passing = new KernelTruth(memory, proc) { _count = truth._count };
        foreach (string folder in Directory.GetDirectories(proc))
        {
            if (char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            {
                passing.SaveProcess(folder);
            }
        }

        passing.SaveNetwork();
        passing.SaveFile(Path.Combine(proc, "sched_debug"));
        passing.SaveFile(Path.Combine(Scene.DebugFolder, "sched", "debug"), "sched_debug"); // its place from 5.13 on
        passing.SaveAll(Passing);
        passing._writer.Finish();
        memory.WriteTo(archive);
        archive.Flush(flushToDisk: true);
        return passing._count;
    }

    private void SaveAll(string[] names)
    {
        foreach (string name in names)
        {
            SaveFile(Path.Combine(_proc, name));
        }
    }

    private void SaveNetwork()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(_proc, "self", "net")))
        {
            SaveFile(file, $"net/{Path.GetFileName(file)}");
        }
    }

    private void SaveProcess(string folder)
    {
        try
        {
            foreach (string name in OfProcess)
            {
                SaveFile(Path.Combine(folder, name));
            }

            SaveLinks(folder);
            foreach (string file in Directory.GetFiles(Path.Combine(folder, "fdinfo")))
            {
                SaveFile(file);
            }

            foreach (string thread in Directory.GetDirectories(Path.Combine(folder, "task")))
            {
                foreach (string name in OfThread)
                {
                    SaveFile(Path.Combine(thread, name));
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // The process has ended meanwhile.
        }
    }

    private void SaveLinks(string folder)
    {
        var text = new StringBuilder();
        foreach (string name in (ReadOnlySpan<string>)["exe", "cwd", "root"])
        {
            AddLink(text, name, Path.Combine(folder, name));
        }

        foreach (string kind in (ReadOnlySpan<string>)["fd", "ns"])
        {
            foreach (string link in Directory.GetFileSystemEntries(Path.Combine(folder, kind)))
            {
                AddLink(text, $"{kind}/{Path.GetFileName(link)}", link);
            }
        }

        Add($"{folder}/links", Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void AddLink(StringBuilder text, string name, string link)
    {
        try
        {
            text.Append(name).Append(" -> ").Append(new FileInfo(link).LinkTarget).Append('\n');
        }
        catch (IOException)
        {
            // A kernel thread has no program, and a file may be closed meanwhile.
        }
    }

    private void SaveFile(string path, string? name = null)
    {
        try
        {
            Add(name ?? path, File.ReadAllBytes(path));
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // Not every kernel has every file, and not every task lets all of them be read.
        }
    }

    private void Add(string path, byte[] content)
    {
        string name = path.StartsWith(_proc, StringComparison.Ordinal) ? path[(_proc.Length + 1)..] : path;
        _writer.AddFile(name, content, Permissions);
        _count++;
    }
}
