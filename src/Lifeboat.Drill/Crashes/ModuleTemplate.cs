using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Lifeboat.Capture.Modules;

namespace Lifeboat.Drill.Crashes;

/// <summary>
/// What one of a kernel's own modules tells about how that kernel wants modules, so that another can be made without its
/// headers or a compiler.
/// </summary>
internal sealed class ModuleTemplate
{
    private const int RelocationSize = 24; // Elf64_Rela
    private const int VersionSize = 64; // struct modversion_info
    private const int OrcSize = 6;

    /// <summary>Bytes of struct module.</summary>
    public required int ModuleSize { get; init; }

    /// <summary>Where its name is in it.</summary>
    public required int NameOffset { get; init; }

    /// <summary>Where the address of its first function is in it.</summary>
    public required int InitOffset { get; init; }

    /// <summary>What it says of the kernel it is for: <c>vermagic=...</c>.</summary>
    public required string VersionMagic { get; init; }

    /// <summary>The checksums of what it and ours use, for a kernel that wants them; empty for others.</summary>
    public required byte[] Versions { get; init; }

    /// <summary>The unwind entry of code that has put nothing on the stack.</summary>
    public required byte[] OrcEntry { get; init; }

    /// <summary>Bytes of struct bug_entry.</summary>
    public required int BugSize { get; init; }

    /// <summary>What a bug's distances count from: 0 for their own place, 4 for the entry's (before 5.19).</summary>
    public required int BugAddend { get; init; }

    /// <summary>Reads a module, decompressed; false when it lacks something.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, string name, [NotNullWhen(true)] out ModuleTemplate? template)
    {
        template = null;
        if (!ElfSections.TryFind(file, ".gnu.linkonce.this_module"u8, out ReadOnlySpan<byte> module)
            || !ElfSections.TryFind(file, ".rela.gnu.linkonce.this_module"u8, out ReadOnlySpan<byte> functions)
            || !ElfSections.TryFind(file, ".modinfo"u8, out ReadOnlySpan<byte> information)
            || !ElfSections.TryFind(file, ".orc_unwind"u8, out ReadOnlySpan<byte> unwinding)
            || !ElfSections.TryFind(file, ".rela__bug_table"u8, out ReadOnlySpan<byte> bugs)
            || module.IndexOf(Encoding.UTF8.GetBytes(name + '\0')) is not (>= 0 and var nameOffset)
            || information.IndexOf("vermagic="u8) is not (>= 0 and var magic)
            || functions.Length < RelocationSize || bugs.Length < 3 * RelocationSize || unwinding.Length < OrcSize)
        {
            return false;
        }

        // Of the module's two functions the one that starts it is first. The first unwind entry is that of a function's first
        // instruction. A bug's entry is of two distances, of three in newer kernels, and four bytes.
        template = new ModuleTemplate
        {
            ModuleSize = module.Length,
            NameOffset = nameOffset,
            InitOffset = (int)Math.Min((uint)module.Length, BinaryPrimitives.ReadUInt32LittleEndian(functions)),
            VersionMagic = TextAt(information[magic..]),
            Versions = Checksums(file),
            OrcEntry = unwinding[..OrcSize].ToArray(),
            BugSize = bugs[2 * RelocationSize] == 8 ? 16 : 12,
            BugAddend = bugs[RelocationSize + 16] == 4 ? 4 : 0,
        };
        return template.InitOffset <= module.Length - sizeof(ulong);
    }

    private static byte[] Checksums(ReadOnlySpan<byte> file)
    {
        var found = new List<byte>();
        if (ElfSections.TryFind(file, "__versions"u8, out ReadOnlySpan<byte> all))
        {
            for (; all.Length >= VersionSize; all = all[VersionSize..])
            {
                if (TextAt(all[8..VersionSize]) is "module_layout" or CrashCode.SpinLock)
                {
                    found.AddRange(all[..VersionSize]);
                }
            }
        }

        return [.. found];
    }

    private static string TextAt(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
