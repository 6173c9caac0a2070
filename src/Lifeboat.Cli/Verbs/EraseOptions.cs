using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Kernel;
using Lifeboat.Kernel.Erasing;

namespace Lifeboat.Cli.Verbs;

/// <summary><c>--erase</c> and <c>--erase-file</c>: what is to be overwritten in a dump. One object a verb.</summary>
internal sealed class EraseOptions
{
    private const string Word = "erase";
    private const string None = "none";
    private const int MaxFileBytes = 1 << 20;

    private readonly Option<string[]> _erase;
    private readonly Option<string> _file;

    public EraseOptions(string means)
    {
        _erase = new Option<string[]>("--erase")
        {
            Description = $"{means} Words of a directive, see below; may be given several times.",
            HelpName = "DIRECTIVE",
            Arity = ArgumentArity.OneOrMore,
        };
        _file = new Option<string>("--erase-file")
        {
            Description = "The same for all directives of a file, a line each; what follows a # is not read.",
            HelpName = "FILE",
        };
        _erase.Validators.Add(RefuseWhatIsNoDirective);
    }

    /// <summary>What a verb's page says of directives.</summary>
    public static string Description { get; } = Describe();

    /// <summary>What is erased where nothing else is said.</summary>
    public static IReadOnlyList<EraseDirective> Keys =>
        EraseDirective.TryParse(EraseSets.Keys, out EraseDirective? keys) ? [keys] : [];

    /// <summary>What the command line names; where it says nothing, <see cref="Keys"/>; nothing for none.</summary>
    public IReadOnlyList<EraseDirective> ReadOrKeys(ParseResult arguments) =>
        IsGiven(arguments.CommandResult) ? Read(arguments) : Keys;

    public bool IsGiven(CommandResult result) =>
        result.GetResult(_erase) is { Implicit: false } || result.GetResult(_file) is { Implicit: false };

    public void AddTo(Command command)
    {
        command.Options.Add(_erase);
        command.Options.Add(_file);
    }

    /// <summary>What the command line names, and the file that it names.</summary>
    /// <exception cref="DiagnosticException">A line of the file is no directive.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<EraseDirective> Read(ParseResult arguments)
    {
        var directives = new List<EraseDirective>();
        foreach (string text in arguments.GetValue(_erase) ?? [])
        {
            if (EraseDirective.TryParse(text, out EraseDirective? directive))
            {
                directives.Add(directive);
            }
        }

        if (arguments.GetValue(_file) is { } file)
        {
            AddFrom(file, directives);
        }

        return directives;
    }

    private static void AddFrom(string file, List<EraseDirective> directives)
    {
        if (new FileInfo(file) is { Exists: true, Length: > MaxFileBytes })
        {
            throw new IOException($"{file} has more than {MaxFileBytes} bytes, and no list of directives has as many");
        }

        int number = 0;
        foreach (string line in File.ReadAllLines(file))
        {
            number++;
            string text = line.Split('#')[0].Trim();
            text = text.StartsWith(Word + " ", StringComparison.Ordinal) ? text[Word.Length..] : text;
            if (text.Length == 0)
            {
                continue;
            }

            directives.Add(EraseDirective.TryParse(text, out EraseDirective? directive) ? directive
                : throw new DiagnosticException(new Diagnostic(KernelDiagnosticIds.NotErased, "a line says nothing that can be erased")
                {
                    Where = $"{file}:{number}",
                    Found = text,
                    Expected = "keys, a set, symbol ... or type ...",
                    Remedy = "lifeboat filter --help describes directives",
                }));
        }
    }

    private static void RefuseWhatIsNoDirective(OptionResult result)
    {
        foreach (Token token in result.Tokens)
        {
            if (token.Value != None && !EraseDirective.TryParse(token.Value, out _))
            {
                result.AddError($"--erase takes none, keys, a set, symbol ... or type ..., not '{token.Value}'; --help describes them");
            }
        }
    }

    private static void AddGroup(StringBuilder text, string group, string what)
    {
        text.Append(group).Append(", ").Append(what).Append(", which is");
        string between = " ";
        foreach (string name in EraseSets.Names)
        {
            if (EraseSets.GroupOf(name) == group)
            {
                text.Append(between).Append(name).Append(" (").Append(EraseSets.MeaningOf(name)).Append(')');
                between = ", ";
            }
        }

        text.Append("; each of these is a directive, too.\n\n");
    }

    private static string Describe()
    {
        var text = new StringBuilder("A directive says what is erased:\n\n");
        AddGroup(text, EraseSets.Keys, "the keys that the kernel is known to hold");
        AddGroup(text, EraseSets.User, "data of processes in the kernel's own pages, which dump level 31 does not leave out");
        return text.Append(
            """
            symbol NAME[.MEMBER...] [as TYPE] [size SIZE]: a global variable of the kernel or a module, or what a path from it leads to.

            type TYPE.MEMBER[...] in list HEAD by MEMBER [size SIZE], in tree ROOT by MEMBER, or in cache NAME: a member of all objects that a
            list or red-black tree links, or a slab cache has.

            A path goes through pointers; one that ends at a pointer means what it points to, of a char * the text. SIZE is a number of
            bytes, with K or M, or a path from the same object to a number. Types come from the dump (BTF); those of most variables have to be said.
            """).ToString();
    }
}
