using System.CommandLine;
using System.Globalization;
using Lifeboat.Core.Memory;

namespace Lifeboat.Cli.Verbs;

/// <summary>Options that every verb spells alike.</summary>
internal static class CommonOptions
{
    /// <summary><c>--json</c>: one JSON document on standard output instead of text.</summary>
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON document instead of text (docs/json.md has its fields).",
    };

    /// <summary>Refuses numbers beyond a range; what is no number at all is told by the parser itself.</summary>
    public static void AcceptRange(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0
            && int.TryParse(result.Tokens[^1].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
            && (value < least || value > most))
        {
            result.AddError($"{option.Name} takes {least} to {most}");
        }
    });

    /// <summary>Refuses paths that are empty.</summary>
    public static void RefuseEmptyPaths(Argument argument) => argument.Validators.Add(result =>
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{argument.Name} is the path of a file, and it is empty");
        }
    });

    /// <summary>An option that takes a size, and has none when it is not given.</summary>
    public static Option<ByteCount?> Size(string name, string description) => new(name)
    {
        Description = $"{description} A number with an optional K, M or G.",
        HelpName = "SIZE",
        CustomParser = result =>
        {
            if (!ByteCount.TryParse(result.Tokens[0].Value, out ByteCount size) || size == ByteCount.Zero)
            {
                result.AddError($"{name} takes a size such as 128M or 2G, not '{result.Tokens[0].Value}'");
            }

            return size;
        },
    };

    /// <summary><c>--force</c>: a file that is there may be overwritten. One object a verb.</summary>
    public static Option<bool> Force() => new("--force")
    {
        Description = "Overwrite OUT if it is there. Without this, a file that holds something is left alone.",
    };
}
