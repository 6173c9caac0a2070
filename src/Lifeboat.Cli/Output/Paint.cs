namespace Lifeboat.Cli.Output;

/// <summary>Colours text for a terminal by its meaning, or leaves it as it is.</summary>
internal sealed class Paint(bool enabled)
{
    public string Good(string text) => Wrap("32;1", text);

    public string Bad(string text) => Wrap("31;1", text);

    public string Strong(string text) => Wrap("1", text);

    public string Dim(string text) => Wrap("2", text);

    private string Wrap(string code, string text) => enabled ? $"\e[{code}m{text}\e[0m" : text;
}
