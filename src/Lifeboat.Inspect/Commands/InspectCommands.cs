using System.Diagnostics.CodeAnalysis;
using Lifeboat.Inspect.Commands.Code;
using Lifeboat.Inspect.Commands.Machine;
using Lifeboat.Inspect.Commands.Memory;
using Lifeboat.Inspect.Commands.Objects;
using Lifeboat.Inspect.Commands.Tasks;

namespace Lifeboat.Inspect.Commands;

/// <summary>The commands that there are.</summary>
public static class InspectCommands
{
    /// <summary>All, by name.</summary>
    public static IReadOnlyList<InspectCommand> All { get; } =
    [
        new BtCommand(),
        new HelpCommand(),
        new KmemCommand(),
        new ListCommand(),
        new ModCommand(),
        new PCommand(),
        new PsCommand(),
        new PtovCommand(),
        new RdCommand(),
        new RunqCommand(),
        new SearchCommand(),
        new StructCommand(),
        new SwapCommand(),
        new SymCommand(),
        new SysCommand(),
        new TaskCommand(),
        new TreeCommand(),
        new VmCommand(),
        new VtopCommand(),
        new WhatisCommand(),
    ];

    /// <summary>The command of a name.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out InspectCommand? command)
    {
        command = null;
        foreach (InspectCommand candidate in All)
        {
            if (candidate.Name == name)
            {
                command = candidate;
            }
        }

        return command is not null;
    }
}
