using System.Diagnostics.CodeAnalysis;
using Lifeboat.Core.Diagnostics;
using Lifeboat.Inspect.Commands.Code;
using Lifeboat.Inspect.Commands.Devices;
using Lifeboat.Inspect.Commands.Files;
using Lifeboat.Inspect.Commands.Ipc;
using Lifeboat.Inspect.Commands.Machine;
using Lifeboat.Inspect.Commands.Memory;
using Lifeboat.Inspect.Commands.Net;
using Lifeboat.Inspect.Commands.Objects;
using Lifeboat.Inspect.Commands.Tasks;
using Lifeboat.Inspect.Commands.Waiting;
using Lifeboat.Inspect.Tables;
using Lifeboat.Kernel.Objects;

namespace Lifeboat.Inspect.Commands;

/// <summary>The commands that there are.</summary>
public static class InspectCommands
{
    /// <summary>All, by name.</summary>
    public static IReadOnlyList<InspectCommand> All { get; } =
    [
        new BtCommand(),
        new DevCommand(),
        new DisCommand(),
        new FilesCommand(),
        new ForeachCommand(),
        new HelpCommand(),
        new IpcsCommand(),
        new IrqCommand(),
        new KmemCommand(),
        new ListCommand(),
        new LogCommand(),
        new MachCommand(),
        new ModCommand(),
        new MountCommand(),
        new NetCommand(),
        new PCommand(),
        new PsCommand(),
        new PtovCommand(),
        new RdCommand(),
        new RunqCommand(),
        new SearchCommand(),
        new SetCommand(),
        new StructCommand(),
        new SwapCommand(),
        new SymCommand(),
        new SysCommand(),
        new TaskCommand(),
        new TimerCommand(),
        new TreeCommand(),
        new VmCommand(),
        new VtopCommand(),
        new WaitqCommand(),
        new WhatisCommand(),
    ];

    /// <summary>
    /// Runs a command over a kernel of which much may be missing: where it needs a type that the kernel does not have, it ends,
    /// and a note says so; notes also say why symbols or types are missing.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="session">The kernel to look at, and what was chosen before.</param>
    /// <param name="arguments">What stands behind its name.</param>
    /// <returns>What it found.</returns>
    /// <exception cref="CommandException">The arguments make no sense.</exception>
    public static IReadOnlyList<Table> Run(InspectCommand command, InspectSession session, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(session);
        IReadOnlyList<Table> tables;
        try
        {
            tables = command.Run(session, arguments);
        }
        catch (UnknownTypeException e)
        {
            var table = new Table(command.Name);
            table.Note($"{command.Name} finds nothing: {e.Message}");
            tables = [table];
        }
        catch (CommandException e) when (session.Diagnostics.Count > 0)
        {
            throw new CommandException($"{e.Message} ({session.Diagnostics[0].What})", e);
        }

        foreach (Diagnostic diagnostic in session.Diagnostics)
        {
            tables[^1].Note(diagnostic.ToString());
        }

        return tables;
    }

    /// <summary>The command of a name, its own or another.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out InspectCommand? command)
    {
        command = null;
        foreach (InspectCommand candidate in All)
        {
            if (candidate.Name == name || candidate.Aliases.Contains(name))
            {
                command = candidate;
            }
        }

        return command is not null;
    }
}
