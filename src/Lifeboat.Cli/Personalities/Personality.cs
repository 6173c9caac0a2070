using Lifeboat.Cli.Output;
using Lifeboat.Cli.Personalities.Kexec;
using Lifeboat.Cli.Personalities.Makedumpfile;
using Lifeboat.Cli.Personalities.VmcoreDmesg;

namespace Lifeboat.Cli.Personalities;

/// <summary>
/// Another program that this one stands in for: called by its name, through a link, it takes that program's command line,
/// prints what that program prints and gives its exit codes, so that scripts need not be changed.
/// </summary>
internal abstract class Personality
{
    /// <summary>The first word that asks for a personality without a link: <c>lifeboat --as makedumpfile ...</c>.</summary>
    public const string Option = "--as";

    private static readonly Personality[] All = [new KexecPersonality(), new MakedumpfilePersonality(), new VmcoreDmesgPersonality()];

    /// <summary>The other program's name.</summary>
    public abstract string Name { get; }

    /// <summary>Finds the program that a command line means.</summary>
    /// <param name="calledAs">What this program was called; null when that is not known.</param>
    /// <param name="arguments">The words after it.</param>
    /// <param name="rest">The words that are for the other program.</param>
    /// <returns>The personality; null when the command line is one of this program's own.</returns>
    public static Personality? Of(string? calledAs, string[] arguments, out string[] rest)
    {
        rest = arguments;
        if (Find(Path.GetFileName(calledAs)) is { } called)
        {
            return called;
        }

        if (arguments is [Option, string name, ..] && Find(name) is { } asked)
        {
            rest = arguments[2..];
            return asked;
        }

        return null;
    }

    /// <summary>Does what the other program would do, and gives its exit code.</summary>
    /// <param name="arguments">Its command line, without its name.</param>
    /// <param name="terminal">Where it writes.</param>
    public abstract int Run(string[] arguments, Terminal terminal);

    private static Personality? Find(string? name)
    {
        foreach (Personality personality in All)
        {
            if (personality.Name == name)
            {
                return personality;
            }
        }

        return null;
    }
}
