using System.Text;
using Lifeboat.Inspect.Commands;

namespace Lifeboat.Cli.Shell;

/// <summary>A line of the shell: commands, and where what they show goes.</summary>
/// <param name="Commands">Each a name and its arguments.</param>
/// <param name="Tail">What /bin/sh does with it: <c>| grep x</c>, <c>&gt; file</c>; empty to show it.</param>
internal sealed record ShellLine(IReadOnlyList<IReadOnlyList<string>> Commands, string Tail)
{
    /// <summary>
    /// Takes a line apart: words at blanks, but not within quotes; commands at semicolons; from the first | on, or &gt; that
    /// begins a word, it is for /bin/sh. A # that begins a word begins a comment.
    /// </summary>
    /// <exception cref="CommandException">A quote is not closed.</exception>
    public static ShellLine Parse(string line)
    {
        var commands = new List<IReadOnlyList<string>>();
        var words = new List<string>();
        var word = new StringBuilder();
        bool isWord = false;
        char quote = '\0';
        int at = 0;
        for (; at < line.Length; at++)
        {
            char c = line[at];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
                word.Append(quote == '\0' ? "" : c);
            }
            else if (c is '"' or '\'')
            {
                (quote, isWord) = (c, true);
            }
            else if (c == '|' || (!isWord && c is '>' or '#'))
            {
                break;
            }
            else if (c == ';' || char.IsWhiteSpace(c))
            {
                EndWord();
                EndCommand(c == ';');
            }
            else
            {
                word.Append(c);
                isWord = true;
            }
        }

        if (quote != '\0')
        {
            throw new CommandException($"a {quote} is not closed");
        }

        EndWord();
        EndCommand(true);
        return new ShellLine(commands, at < line.Length && line[at] != '#' ? line[at..] : "");

        void EndWord()
        {
            if (isWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
        }

        void EndCommand(bool isEnd)
        {
            if (isEnd && words.Count > 0)
            {
                commands.Add([.. words]);
                words.Clear();
            }
        }
    }
}
