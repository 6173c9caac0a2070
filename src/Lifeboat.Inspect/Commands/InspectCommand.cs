using Lifeboat.Inspect.Tables;

namespace Lifeboat.Inspect.Commands;

/// <summary>A command over a crashed kernel; names and options are those of crash, which hands remember.</summary>
public abstract class InspectCommand
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Other names for it.</summary>
    public virtual IReadOnlyList<string> Aliases => [];

    /// <summary>What it shows, in a few words.</summary>
    public abstract string Summary { get; }

    /// <summary>How it is called, and what its options mean.</summary>
    public abstract string Usage { get; }

    /// <summary>Runs it.</summary>
    /// <param name="session">The kernel to look at, and what was chosen before.</param>
    /// <param name="arguments">What stands behind its name.</param>
    /// <returns>What it found. What is damaged or left out is in the tables' notes.</returns>
    /// <exception cref="CommandException">The arguments make no sense.</exception>
    public abstract IReadOnlyList<Table> Run(InspectSession session, IReadOnlyList<string> arguments);
}
