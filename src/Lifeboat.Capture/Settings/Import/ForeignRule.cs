namespace Lifeboat.Capture.Settings.Import;

/// <summary>A setting of another program that becomes no line of ours, with the reason.</summary>
/// <param name="name">Its name.</param>
/// <param name="reason">Why, and what to do.</param>
/// <param name="isLoss">Whether something is missing because of it.</param>
/// <param name="harmless">Values with which it asks for nothing that would be missing, parted by spaces.</param>
internal sealed class ForeignRule(string name, string reason, bool isLoss, string harmless = "")
{
    private readonly string[] _harmless = harmless.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal string Name { get; } = name;

    internal void Apply(ForeignSetting setting, ImportBuilder builder)
    {
        if (Array.Exists(_harmless, value => string.Equals(value, setting.Value, StringComparison.OrdinalIgnoreCase)))
        {
            builder.Leave(setting, "it is so here anyway");
        }
        else if (isLoss)
        {
            builder.Lose(setting, reason);
        }
        else
        {
            builder.Leave(setting, reason);
        }
    }
}
