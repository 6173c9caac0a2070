using Lifeboat.Core.Elf;
using Lifeboat.Vmcore.Elf;
using Lifeboat.Vmcore.Paging;

namespace Lifeboat.Vmcore;

/// <summary>Which architecture a dump is of: what formats write into their headers.</summary>
internal static class DumpMachine
{
    private const string Arm64 = "aarch64";
    private const string X64 = "x86_64";

    /// <summary>The machine as ELF counts them (e_machine).</summary>
    internal static ushort ElfNumberOf(DumpSource source) => (source as ElfDumpSource)?.Machine
        ?? (NameOf(source) == Arm64 ? Elf64Header.MachineArm64 : Elf64Header.MachineX64);

    /// <summary>The machine as uname names it.</summary>
    internal static string NameOf(DumpSource source) =>
        source is ElfDumpSource elf ? elf.Machine == Elf64Header.MachineArm64 ? Arm64 : X64
        : source.HeaderUtsName?.Machine is { Length: > 0 } name ? name
        : Arm64PageTables.Describes(source.Vmcoreinfo) ? Arm64 : X64;
}
