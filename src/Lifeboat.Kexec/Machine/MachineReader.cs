using System.Buffers.Binary;
using System.Globalization;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Core.Memory;
using Lifeboat.Kexec.Boot;
using Lifeboat.Kexec.Rules;

namespace Lifeboat.Kexec.Machine;

/// <summary>Reads a <see cref="MachineDescription"/> from the files of /proc and /sys.</summary>
internal static class MachineReader
{
    private const string CpuFolder = "sys/devices/system/cpu";
    private const string VmcoreinfoFile = "sys/kernel/vmcoreinfo";

    /// <summary>Enough for the program headers of /proc/kcore: a few, plus one for each range of RAM.</summary>
    private const int KcoreStart = 256 << 10;

    /// <summary>More than this one CPU's notes or VMCOREINFO never take.</summary>
    private const ulong MaxNoteBytes = 1 << 20;

    internal static MachineDescription Read(SystemTree tree)
    {
        IomemMap iomem = IomemMap.Parse(tree.TryReadText("proc/iomem") ?? throw Missing("/proc/iomem"));
        PhysicalRange code = iomem.Named("Kernel code") is [var first, ..] ? first : default;
        ReadOnlyMemory<byte> bootParams = tree.TryReadStart("sys/kernel/boot_params/data", BootParams.Size);
        bool whole = bootParams.Length == BootParams.Size;
        return new MachineDescription
        {
            Release = tree.TryReadText("proc/sys/kernel/osrelease")?.Trim(),
            CommandLine = tree.TryReadText("proc/cmdline")?.Trim() ?? "",
            Iomem = iomem,
            CpuNotes = ReadCpuNotes(tree),
            Vmcoreinfo = ReadVmcoreinfo(tree),
            AcpiRsdp = ReadSystabRsdp(tree) ?? (whole ? ReadBootParamsRsdp(bootParams.Span) : null),
            ScreenInfo = whole ? bootParams[..BootParams.ScreenInfoSize] : default,
            BootParameters = whole ? bootParams : default,
            FirmwareMemory = FirmwareReader.ReadMemory(tree),
            CrashCma = FirmwareReader.ReadCrashCma(tree),
            CrashElfCoreHeaderSize = FirmwareReader.ReadElfCoreHeaderSize(tree),
            Efi = FirmwareReader.ReadEfi(tree, whole ? bootParams : default),
            MemoryEncryption = FindMemoryEncryption(tree),
            BootCpu = ReadBootCpu(tree),
            TotalRam = ReadTotalRam(tree),
            FiveLevelPaging = HasCpuFlag(tree, "la57"),
            Layout = KcoreLayoutReader.Read(tree.TryReadStart("proc/kcore", KcoreStart).Span, code),
            Environment = EnvironmentReader.Read(tree),
        };
    }

    /// <summary>A CPU without the files was never brought up, and saves nothing.</summary>
    private static List<CpuCrashNotes> ReadCpuNotes(SystemTree tree)
    {
        var notes = new List<CpuCrashNotes>();
        foreach (string folder in tree.FolderNames(CpuFolder))
        {
            if (!folder.StartsWith("cpu", StringComparison.Ordinal)
                || !int.TryParse(folder.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int cpu)
                || tree.TryReadText($"{CpuFolder}/{folder}/crash_notes") is not { } address
                || tree.TryReadText($"{CpuFolder}/{folder}/crash_notes_size") is not { } size)
            {
                continue;
            }

            notes.Add(new CpuCrashNotes(cpu, ParseRange(
                $"/{CpuFolder}/{folder}/crash_notes", address, size, NumberStyles.None)));
        }

        notes.Sort(static (left, right) => left.Cpu.CompareTo(right.Cpu));
        return notes;
    }

    private static PhysicalRange ReadVmcoreinfo(SystemTree tree) =>
        tree.TryReadText(VmcoreinfoFile)?.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            null => default,
            [var address, var size] => ParseRange($"/{VmcoreinfoFile}", address, size, NumberStyles.AllowHexSpecifier),
            var other => throw Malformed($"/{VmcoreinfoFile}", string.Join(' ', other), "an address and a size"),
        };

    private static PhysicalRange ParseRange(string file, string address, string size, NumberStyles sizeStyle)
    {
        ReadOnlySpan<char> digits = address.AsSpan().Trim();
        digits = digits.StartsWith("0x", StringComparison.Ordinal) ? digits[2..] : digits;
        if (!ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
            || !ulong.TryParse(size.AsSpan().Trim(), sizeStyle, CultureInfo.InvariantCulture, out ulong length)
            || start is 0 or > 1UL << 52 || length is 0 or > MaxNoteBytes)
        {
            throw Malformed(file, $"\"{address.Trim()}\", size \"{size.Trim()}\"", "a physical address and a size");
        }

        return PhysicalRange.FromLength(new PhysicalAddress(start), new ByteCount(length));
    }

    /// <summary>ACPI20 is the table of ACPI 2.0 and later; ACPI the older one.</summary>
    private static PhysicalAddress? ReadSystabRsdp(SystemTree tree)
    {
        string[] lines = tree.TryReadText("sys/firmware/efi/systab")?.Split('\n') ?? [];
        foreach (string key in (ReadOnlySpan<string>)["ACPI20=0x", "ACPI=0x"])
        {
            foreach (string line in lines)
            {
                if (line.StartsWith(key, StringComparison.Ordinal)
                    && ulong.TryParse(line.AsSpan(key.Length).Trim(), NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture, out ulong address)
                    && address != 0)
                {
                    return new PhysicalAddress(address);
                }
            }
        }

        return null;
    }

    private static PhysicalAddress? ReadBootParamsRsdp(ReadOnlySpan<byte> bootParams)
    {
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(bootParams[BootParams.AcpiRsdpOffset..]);
        return address == 0 ? null : new PhysicalAddress(address);
    }

    internal static ByteCount? ReadTotalRam(SystemTree tree)
    {
        const string Key = "MemTotal:";
        foreach (string line in tree.TryReadText("proc/meminfo")?.Split('\n') ?? [])
        {
            if (line.StartsWith(Key, StringComparison.Ordinal)
                && line[Key.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var count, "kB"]
                && ulong.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out ulong kib)
                && kib < 1UL << 50)
            {
                return ByteCount.FromKiB(kib);
            }
        }

        return null;
    }

    /// <summary>
    /// The flags sme and sev say only what the processor could do; that memory is encrypted shows in the command line, or in what a
    /// guest is told.
    /// </summary>
    private static string? FindMemoryEncryption(SystemTree tree) =>
        HasCpuFlag(tree, "tdx_guest") ? "TDX guest"
        : tree.TryReadText("sys/devices/system/cpu/sev/vmpl") is not null || HasCpuFlag(tree, "sev_guest") ? "SEV guest"
        : tree.TryReadText("proc/cmdline")?.Contains("mem_encrypt=on", StringComparison.Ordinal) == true ? "SME"
        : null;

    /// <summary>The first processor that is listed is the one that the machine booted on.</summary>
    private static uint? ReadBootCpu(SystemTree tree) =>
        CpuLine(tree, "initial apicid")?.Split(':') is [_, var id] && uint.TryParse(id.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out uint apic)
            ? apic
            : null;

    private static bool HasCpuFlag(SystemTree tree, string flag) =>
        CpuLine(tree, "flags")?.Split(' ').Contains(flag) ?? false;

    private static string? CpuLine(SystemTree tree, string key) =>
        tree.TryReadText("proc/cpuinfo")?.Split('\n').FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));

    private static DiagnosticException Missing(string file) =>
        new(new Diagnostic(KexecDiagnostics.MachineFileMissing, "A file that describes the machine cannot be read")
        {
            Where = file,
            Remedy = "Run it as root, with /proc and /sys mounted",
        });

    private static DiagnosticException Malformed(string file, string found, string expected) =>
        new(new Diagnostic(KexecDiagnostics.MachineFileMalformed, "A file that describes the machine does not read")
        {
            Where = file,
            Found = found,
            Expected = expected,
        });
}
