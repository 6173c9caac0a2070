using System.Buffers.Binary;
using System.Text;

namespace Lifeboat.Drill.Crashes;

/// <summary>A kernel module that crashes the kernel that loads it, written as an object file.</summary>
internal static class CrashModule
{
    /// <summary>The module's name.</summary>
    internal const string Name = "lifeboat_crash";

    /// <summary>The source line that its BUG() names.</summary>
    internal const int BugLine = 42;

    private const string BugFile = "lifeboat_crash.c";
    private const int Absolute64 = 1; // R_X86_64_64
    private const int Relative32 = 2; // R_X86_64_PC32
    private const int Call32 = 4; // R_X86_64_PLT32

    /// <summary>Writes the module for a kernel.</summary>
    /// <param name="template">How the kernel wants modules.</param>
    /// <param name="function">The function of <see cref="CrashCode"/> that it calls when it is loaded.</param>
    internal static byte[] Build(ModuleTemplate template, string function)
    {
        // endbr64; call the function behind; xor eax,eax; ret; the function begins at 16.
        ReadOnlySpan<byte> crash = CrashCode.Of(function);
        byte[] code = new byte[CodeStart + crash.Length];
        ReadOnlySpan<byte> start = [0xF3, 0x0F, 0x1E, 0xFA, 0xE8, CodeStart - 9, 0, 0, 0, 0x31, 0xC0, 0xC3];
        code.AsSpan().Fill(0xCC);
        start.CopyTo(code);
        crash.CopyTo(code.AsSpan(CodeStart));

        var file = new ObjectFile();
        int text = file.AddSection(".text", ObjectFile.Allocated | ObjectFile.Executable, code);
        int data = file.AddSection(".data", ObjectFile.Allocated | ObjectFile.Writable, new byte[64]);
        file.AddSection(".modinfo", ObjectFile.Allocated, Encoding.ASCII.GetBytes(
            $"license=GPL\0name={Name}\0retpoline=Y\0depends=\0{template.VersionMagic}\0"));
        if (template.Versions.Length > 0)
        {
            file.AddSection("__versions", ObjectFile.Allocated, template.Versions);
        }

        int strings = file.AddSection(".rodata.str1.1", ObjectFile.Allocated, Encoding.ASCII.GetBytes(BugFile + "\0\0"));
        byte[] module = new byte[template.ModuleSize];
        Encoding.ASCII.GetBytes(Name).CopyTo(module, template.NameOffset);
        int self = file.AddSection(".gnu.linkonce.this_module", ObjectFile.Allocated | ObjectFile.Writable, module);

        int textSymbol = file.AddSymbol("", text, 0, 0, ObjectFile.SectionSymbol);
        int dataSymbol = file.AddSymbol("", data, 0, 0, ObjectFile.SectionSymbol);
        int stringSymbol = file.AddSymbol("", strings, 0, 0, ObjectFile.SectionSymbol);
        file.AddSymbol(function, text, CodeStart, crash.Length, ObjectFile.LocalFunction);
        int init = file.AddSymbol("init_module", text, 0, start.Length, ObjectFile.GlobalFunction);
        file.Relocate(self, template.InitOffset, init, Absolute64, 0);
        AddUnwinding(file, template, textSymbol, code.Length);
        if (function == CrashCode.Lock)
        {
            int spinLock = file.AddSymbol(CrashCode.SpinLock, 0, 0, 0, ObjectFile.GlobalUndefined);
            foreach (int place in CrashCode.LockPlaces)
            {
                file.Relocate(text, CodeStart + place, dataSymbol, Relative32, -4);
            }

            foreach (int place in CrashCode.SpinLockPlaces)
            {
                file.Relocate(text, CodeStart + place, spinLock, Call32, -4);
            }
        }
        else if (function == CrashCode.Bug)
        {
            AddBug(file, template, textSymbol, stringSymbol);
        }

        return file.ToBytes();
    }

    private const int CodeStart = 16;

    // All of the code is unwound in the same way; a second entry of zeros ends it.
    private static void AddUnwinding(ObjectFile file, ModuleTemplate template, int text, int codeLength)
    {
        int places = file.AddSection(".orc_unwind_ip", ObjectFile.Allocated, new byte[8]);
        file.AddSection(".orc_unwind", ObjectFile.Allocated, [.. template.OrcEntry, 0, 0, 0, 0, 0, 0]);
        file.Relocate(places, 0, text, Relative32, 0);
        file.Relocate(places, 4, text, Relative32, codeLength);
    }

    private static void AddBug(ObjectFile file, ModuleTemplate template, int text, int strings)
    {
        byte[] entry = new byte[template.BugSize];
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(template.BugSize - 4), BugLine);
        int bugs = file.AddSection("__bug_table", ObjectFile.Allocated | ObjectFile.Writable, entry);
        file.Relocate(bugs, 0, text, Relative32, CodeStart);
        file.Relocate(bugs, template.BugSize - 8, strings, Relative32, template.BugAddend);
        if (template.BugSize == 16)
        {
            // A format of no characters.
            file.Relocate(bugs, 4, strings, Relative32, BugFile.Length);
        }
    }
}
