using System.Text;
using Lifeboat.Core.Elf;
using Lifeboat.Kexec.Machine;

namespace Lifeboat.Kexec.Tests.Support;

/// <summary>A folder with the files of /proc and /sys of a small machine: 2 GiB, 2 CPUs, 128 MiB reserved.</summary>
internal sealed class MachineTree : IDisposable
{
    internal const string Iomem = """
        00000000-00000fff : Reserved
        00001000-0009fbff : System RAM
        0009fc00-0009ffff : Reserved
        000a0000-000bffff : PCI Bus 0000:00
        000f0000-000fffff : Reserved
          000f0000-000fffff : System ROM
        00100000-7ffd9fff : System RAM
          16000000-174025ff : Kernel code
          17600000-17ea3fff : Kernel rodata
          18000000-1836c9ff : Kernel data
          18b45000-18ffffff : Kernel bss
          77000000-7effffff : Crash kernel
        7ffda000-7fffafff : Reserved
        7fffb000-7fffefff : ACPI Tables
        7ffff000-7fffffff : ACPI Non-volatile Storage
        fec00000-fec003ff : Reserved
          fec00000-fec003ff : IOAPIC 0
        """;

    internal const ulong DirectMap = 0xffff8a0000000000;
    internal const ulong KernelText = 0xffffffff95000000;

    internal MachineTree()
    {
        Write("proc/iomem", Iomem);
        Write("proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro console=ttyS0 crashkernel=128M quiet\n");
        Write("proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");
        Write("proc/meminfo", "MemTotal:        1875000 kB\nMemFree:          100 kB\n");
        Write("proc/cpuinfo", "processor\t: 0\nflags\t\t: fpu lm nx\n");
        for (int cpu = 0; cpu < 2; cpu++)
        {
            Write($"sys/devices/system/cpu/cpu{cpu}/crash_notes", $"{0x7fc15000 + (cpu * 0x200):x}\n");
            Write($"sys/devices/system/cpu/cpu{cpu}/crash_notes_size", "368\n");
        }

        Write("sys/devices/system/cpu/cpufreq/none", "");
        Write("sys/kernel/vmcoreinfo", "0x000000007fb0a000 1024\n");
        Write("proc/kcore", Kcore());
    }

    internal string Root { get; } = Directory.CreateTempSubdirectory("lifeboat-kexec-").FullName;

    internal static MachineDescription Machine()
    {
        using var tree = new MachineTree();
        return MachineDescription.ReadLive(tree.Root);
    }

    internal void Write(string file, string text) => Write(file, Encoding.UTF8.GetBytes(text));

    internal void Write(string file, byte[] bytes)
    {
        string path = Path.Join(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    internal void Delete(string file) => File.Delete(Path.Join(Root, file));

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>
    /// The headers of a kcore: vmalloc memory without a physical address, the direct mapping, the text.
    /// </summary>
    private static byte[] Kcore()
    {
        Elf64ProgramHeader[] parts =
        [
            new() { Type = Elf64ProgramHeader.TypeNote },
            Load(KernelText, 0x16000000) with { MemorySize = 0x3000000 },
            Load(0xffffa60000000000, ulong.MaxValue),
            Load(DirectMap + 0x1000, 0x1000),
            Load(DirectMap + 0x100000, 0x100000),
        ];
        var bytes = new byte[4096];
        new Elf64Header
        {
            Class = Elf64Header.Class64,
            Data = Elf64Header.LittleEndian,
            Type = Elf64Header.TypeCore,
            Machine = Elf64Header.MachineX64,
            ProgramHeaderSize = Elf64ProgramHeader.Size,
            ProgramHeaderOffset = Elf64Header.Size,
            ProgramHeaderCount = (ushort)parts.Length,
        }.WriteTo(bytes);
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].WriteTo(bytes.AsSpan(Elf64Header.Size + (i * Elf64ProgramHeader.Size)));
        }

        return bytes;
    }

    private static Elf64ProgramHeader Load(ulong virtualAddress, ulong physicalAddress) => new()
    {
        Type = Elf64ProgramHeader.TypeLoad,
        VirtualAddress = virtualAddress,
        PhysicalAddress = physicalAddress,
    };
}
