using System.CommandLine;
using Lifeboat.Kernel;
using Lifeboat.Symbols;
using Lifeboat.Symbols.Files;
using Lifeboat.Vmcore;

namespace Lifeboat.Cli.Verbs;

/// <summary>The options that name files with symbols and types, for what a dump lacks.</summary>
internal sealed class KernelFileOptions
{
    private readonly Option<string?> _systemMap = new("--system-map")
    {
        Description = "Symbols out of this System.map, moved as KASLR moved the dump's kernel, instead of the dump's own table.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _vmlinux = new("--vmlinux")
    {
        Description = "Symbols out of this vmlinux, and its types (BTF) where the dump has none. It must be of the dump's very build.",
        HelpName = "FILE",
    };

    internal void AddTo(Command command)
    {
        command.Options.Add(_systemMap);
        command.Options.Add(_vmlinux);
    }

    /// <summary>Reads the files; a System.map's symbols go before a vmlinux's.</summary>
    internal KernelFiles Read(ParseResult arguments, DumpSource dump)
    {
        KernelSymbols? symbols = arguments.GetValue(_systemMap) is { } map ? SystemMap.Read(map, dump.Vmcoreinfo) : null;
        if (arguments.GetValue(_vmlinux) is not { } path)
        {
            return new KernelFiles(symbols, null);
        }

        using Vmlinux vmlinux = Vmlinux.Open(path, dump.Vmcoreinfo);
        return new KernelFiles(symbols ?? vmlinux.ReadSymbols(), vmlinux.ReadTypes());
    }
}
