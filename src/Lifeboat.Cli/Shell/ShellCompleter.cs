using Lifeboat.Cli.Shell.Editing;
using Lifeboat.Inspect.Commands;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Modules;
using Lifeboat.Kernel.Objects;
using Lifeboat.Symbols;

namespace Lifeboat.Cli.Shell;

/// <summary>What could follow in a line: commands, symbols, types, members.</summary>
/// <param name="session">The kernel whose names these are.</param>
internal sealed class ShellCompleter(InspectSession session)
{
    private static readonly string[] OfTypes = ["struct", "union", "enum", "whatis"];
    private static readonly string[] OfNeither = ["bt", "foreach", "log", "mod", "ps", "ptov", "runq", "set", "sys", "task"];

    private List<string>? _symbols;
    private List<string>? _types;

    /// <summary>What could follow the text before the cursor.</summary>
    public Completion Complete(string text)
    {
        // Only the last command of the line matters, and its last word.
        string command = text[(text.LastIndexOf(';') + 1)..].TrimStart();
        int start = command.LastIndexOfAny([' ', '(', '"', '&', ',']) + 1;
        string word = command[start..];
        string[] before = command[..start].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (before.Length == 0 || (before is ["help"] && start == "help ".Length))
        {
            return new Completion(word, Starting(word, Commands()));
        }

        bool isType = Array.IndexOf(OfTypes, before[^1].TrimStart('(')) >= 0;
        if (word.LastIndexOf('.') is > 0 and var dot)
        {
            List<string> members = Members(TypeOf(word[..dot], isType), word[(dot + 1)..]);
            return new Completion(word[(dot + 1)..], members, "");
        }

        return isType ? new Completion(word, Starting(word, _types ??= Sorted(Types())))
            : before is ["sym", "-m"] ? new Completion(word, Starting(word, Modules()))
            : word.Length == 0 || Array.IndexOf(OfNeither, before[0]) >= 0 ? new Completion(word, [])
            : new Completion(word, Starting(word, _symbols ??= Sorted(Symbols())), "");
    }

    private static List<string> Commands()
    {
        List<string> names = ["exit", "quit"];
        foreach (InspectCommand command in InspectCommands.All)
        {
            names.Add(command.Name);
        }

        return Sorted(names);
    }

    private static List<string> Sorted(IReadOnlyList<string> names)
    {
        List<string> sorted = [.. names];
        sorted.Sort(StringComparer.Ordinal);
        int kept = 0;
        for (int i = 0; i < sorted.Count; i++)
        {
            if (kept == 0 || sorted[kept - 1] != sorted[i])
            {
                sorted[kept++] = sorted[i];
            }
        }

        sorted.RemoveRange(kept, sorted.Count - kept);
        return sorted;
    }

    private static List<string> Starting(string word, List<string> sorted)
    {
        int first = sorted.BinarySearch(word, StringComparer.Ordinal);
        first = first < 0 ? ~first : first;
        int end = first;
        while (end < sorted.Count && sorted[end].StartsWith(word, StringComparison.Ordinal))
        {
            end++;
        }

        return sorted.GetRange(first, end - first);
    }

    // Members of unnamed structures are as if they were the outer one's own.
    private static List<string> Members(KernelType? type, string word)
    {
        var names = new List<string>();
        Collect(type is { IsPointer: true } ? type.Target : type, names, depth: 8);
        return Starting(word, Sorted(names));
    }

    private static void Collect(KernelType? type, List<string> names, int depth)
    {
        foreach (KernelMember member in type?.Members ?? [])
        {
            if (member.Name.Length > 0)
            {
                names.Add(member.Name);
            }
            else if (depth > 0)
            {
                Collect(member.Type, names, depth - 1);
            }
        }
    }

    private KernelType? TypeOf(string path, bool isType)
    {
        CrashedKernel kernel = session.Kernel;
        string[] parts = path.Split('.');
        string name = parts[0].Split(':')[0];
        KernelType? type = isType && kernel.TryFindType(name, out KernelType? named) ? named
            : kernel.TryFindGlobal(name, out KernelObject? variable) ? variable.Type
            : kernel.TryFindPerCpuType(name, out KernelType? own) ? own
            : name.Length > 0 && kernel.TryFindType(name, out named) ? named : null;
        for (int i = 1; i < parts.Length && type is not null; i++)
        {
            KernelType? structure = type.IsPointer ? type.Target : type;
            string member = parts[i].Split('[')[0];
            type = member.Length > 0 && structure is not null && structure.TryFindMember(member, out KernelMember? found) ? found.Type : null;
            type = parts[i].Contains('[', StringComparison.Ordinal) ? type?.Target : type;
        }

        return type;
    }

    private List<string> Modules()
    {
        var names = new List<string>();
        foreach (KernelModule module in session.Kernel.Modules)
        {
            names.Add(module.Name ?? "");
        }

        return Sorted(names);
    }

    private List<string> Types()
    {
        List<string> names = [.. session.Kernel.Types.Names];
        foreach (KernelModule module in session.Kernel.Modules)
        {
            names.AddRange(module.Types?.Names ?? []);
        }

        return names;
    }

    private List<string> Symbols()
    {
        var names = new List<string>();
        KernelSymbols symbols = session.Kernel.Symbols;
        for (int i = 0; i < symbols.Count; i++)
        {
            if (symbols.TryGet(i, out KernelSymbol? symbol))
            {
                names.Add(symbol.Name);
            }
        }

        foreach (KernelModule module in session.Kernel.Modules)
        {
            for (int i = 0; module.Symbols is { } own && i < own.Count; i++)
            {
                if (own.TryGet(i, out KernelSymbol? symbol))
                {
                    names.Add(symbol.Name);
                }
            }
        }

        return names;
    }
}
