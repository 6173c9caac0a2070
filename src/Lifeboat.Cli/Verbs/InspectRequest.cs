using Lifeboat.Inspect.Commands;

namespace Lifeboat.Cli.Verbs;

/// <summary>What the words behind <c>inspect</c> ask for: which dump, and which commands on it.</summary>
/// <param name="Dump">The dump's files.</param>
/// <param name="Commands">Each a name and its arguments; none for the report.</param>
internal sealed record InspectRequest(IReadOnlyList<string> Dump, IReadOnlyList<IReadOnlyList<string>> Commands)
{
    private const string Several = "-c";

    /// <summary>Takes the words apart: the first one that is a command's name ends the dump's files.</summary>
    /// <exception cref="CommandException">The words make no sense.</exception>
    internal static InspectRequest Parse(IReadOnlyList<string> words)
    {
        int at = 1;
        while (at < words.Count && !IsCommand(words[at]))
        {
            at++;
        }

        List<string> dump = [.. words.Take(at)];
        if (at == words.Count)
        {
            return new InspectRequest(dump, []);
        }

        if (words[at] != Several)
        {
            return new InspectRequest(dump, [[.. words.Skip(at)]]);
        }

        var commands = new List<IReadOnlyList<string>>();
        foreach (string text in words.Skip(at + 1))
        {
            foreach (string command in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] parts = command.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length > 0)
                {
                    commands.Add(IsCommand(parts[0]) ? parts
                        : throw new CommandException($"there is no command {parts[0]}: help lists them"));
                }
            }
        }

        return commands.Count > 0 ? new InspectRequest(dump, commands)
            : throw new CommandException("-c takes commands, separated by semicolons: -c \"ps; mod\"");
    }

    private static bool IsCommand(string word) => word is Several || InspectCommands.TryFind(word, out _);
}
