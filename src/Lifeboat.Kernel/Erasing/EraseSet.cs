namespace Lifeboat.Kernel.Erasing;

/// <summary>A set of what is found alike.</summary>
/// <param name="group">The word for several sets that it is among.</param>
/// <param name="name">Its word.</param>
/// <param name="meaning">What it has, a clause.</param>
/// <param name="find">Adds where they are.</param>
internal sealed class EraseSet(string group, string name, string meaning, Action<EraseRun> find)
{
    internal string Group => group;

    internal string Name => name;

    internal string Meaning => meaning;

    internal void Find(EraseRun run) => find(run);
}
