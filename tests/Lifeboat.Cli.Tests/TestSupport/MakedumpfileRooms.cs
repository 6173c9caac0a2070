using Lifeboat.TestSupport;
using Lifeboat.Vmcore.Tests.TestSupport;

namespace Lifeboat.Cli.Tests.TestSupport;

/// <summary>Two folders with the same dumps of a real kernel, one for makedumpfile and one for this program under its name.</summary>
internal sealed class MakedumpfileRooms : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes them; the test is skipped where makedumpfile or the dumps are not.</summary>
    internal MakedumpfileRooms(RealDump real)
    {
        Tools.Require(Tools.Makedumpfile);
        string dump = RealDump.Require();
        foreach (string room in (string[])[Theirs, Ours])
        {
            Directory.CreateDirectory(room);
            File.CreateSymbolicLink(Path.Combine(room, "dump"), dump);
            File.CreateSymbolicLink(Path.Combine(room, "filtered"), Path.ChangeExtension(dump, ".kdump"));
            File.CreateSymbolicLink(Path.Combine(room, "elf"), real.Elf);
            File.WriteAllText(Path.Combine(room, "precious"), "precious");
            File.WriteAllText(Path.Combine(room, "right"), $"OSRELEASE={Path.GetFileNameWithoutExtension(dump)}\nPAGESIZE=4096\n");
            File.WriteAllText(Path.Combine(room, "wrong"), "OSRELEASE=6.1.0-other\nPAGESIZE=4096\n");
        }

        Program = ProgramLink.Create(_folder.Path, "makedumpfile");
    }

    /// <summary>makedumpfile's folder.</summary>
    internal string Theirs => _folder.Combine("theirs");

    /// <summary>This program's folder.</summary>
    internal string Ours => _folder.Combine("ours");

    /// <summary>This program, under makedumpfile's name.</summary>
    internal string Program { get; }

    public void Dispose() => _folder.Dispose();

    /// <summary>What a dump is compared by; null where a command line has left none.</summary>
    /// <remarks>
    /// makedumpfile keeps short runs of pages that are left out in an ELF file, and leaves its zeros out: what both have to
    /// have is what is left when they are filtered again.
    /// </remarks>
    internal DumpFacts? FactsOf(string room, string name)
    {
        string path = Path.Combine(room, name);
        if (!File.Exists(path) || new FileInfo(path).Length <= "precious".Length || IsLog(path))
        {
            return null;
        }

        var facts = DumpFacts.Of(path);
        if (facts.Format != "ELF")
        {
            return facts;
        }

        Assert.Equal(0, ToolRun.Of(room, Program, "-f", "-d", "31", path, path + ".kdump").Code);
        return DumpFacts.Of(path + ".kdump", skipZeros: true);
    }

    /// <summary>The kernel's logs in a folder, one after the other.</summary>
    internal static string LogOf(string room)
    {
        string text = "";
        foreach (string name in (string[])["log", "precious"])
        {
            string path = Path.Combine(room, name);
            text += File.Exists(path) && IsLog(path) ? File.ReadAllText(path) : "";
        }

        return text;
    }

    private static bool IsLog(string path)
    {
        using FileStream file = File.OpenRead(path);
        return file.ReadByte() == '[';
    }
}
