using Lifeboat.Core.Diagnostics;

namespace Lifeboat.Capture.Settings;

/// <summary>Reads the settings file line by line and tells of every line that it does not understand.</summary>
internal sealed class CaptureSettingsParser(string fileName)
{
    private const int MaxLines = 10_000;

    private readonly List<SettingFinding> _findings = [];
    private readonly List<SettingLine> _lines = [];
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private CaptureSettings _settings = CaptureSettings.Defaults;
    private int _line;

    internal SettingsFile Parse(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (++_line > MaxLines)
            {
                Bad("more lines than that", $"at most {MaxLines}", remedy: null);
                break;
            }

            if (TrySplit(line, out string directive, out string value))
            {
                Apply(directive, value);
            }
        }

        return new SettingsFile(fileName, _settings, _lines, _findings);
    }

    /// <summary>The directive of a line and what follows it; false for a comment or an empty line.</summary>
    internal static bool TrySplit(ReadOnlySpan<char> line, out string directive, out string value)
    {
        int comment = line.IndexOf('#');
        ReadOnlySpan<char> content = (comment < 0 ? line : line[..comment]).Trim();
        int space = content.IndexOfAny(' ', '\t');
        directive = (space < 0 ? content : content[..space]).ToString();
        value = space < 0 ? "" : content[space..].Trim().ToString();
        return directive.Length > 0;
    }

    private void Apply(string name, string value)
    {
        if (SettingDirectives.Find(name) is not { } directive)
        {
            Bad(name, "one of " + SettingDirectives.Names, "lifeboat config --help says what each means");
        }
        else if (directive.Instead is { } instead)
        {
            Tell(!directive.IsHarmless, new Diagnostic(CaptureDiagnostics.SettingNotCarriedOut, "A directive is known, but not carried out")
            {
                Found = $"{name}, {directive.Meaning}",
                Remedy = instead + "; remove the line",
            });
        }
        else if (directive.LinesFor(value) is { } lines)
        {
            foreach ((string Name, string Value) line in lines)
            {
                Apply(line.Name, line.Value);
            }
        }
        else if (!directive.IsRepeatable && !_seen.TryAdd(directive.Group, _line))
        {
            Bad($"{name} again, after line {_seen[directive.Group]}", "one line for each setting", "Remove one of the two");
        }
        else if (directive.Apply(_settings, value) is { } settings)
        {
            _settings = settings;
            _lines.Add(new SettingLine(directive, _line));
        }
        else
        {
            Bad(
                value.Length == 0 ? name + " without a value" : $"{name} {value}",
                directive.Accepted,
                $"Without the line it is {directive.Default}");
        }
    }

    private void Bad(string found, string expected, string? remedy) =>
        Tell(isError: true, new Diagnostic(CaptureDiagnostics.BadSetting, "A setting is not understood")
        {
            Found = SettingText.Shown(found),
            Expected = expected,
            Remedy = remedy,
        });

    private void Tell(bool isError, Diagnostic diagnostic) =>
        _findings.Add(new SettingFinding(_line, isError, diagnostic with { Where = $"{fileName}:{_line}" }));
}
