namespace Lifeboat.Capture.Settings;

/// <content>The capture kernel's network.</content>
public static partial class SettingDirectives
{
    private static IEnumerable<SettingDirective> Network() =>
    [
        new(
            "net_timeout",
            static (settings, value) => Number(value, 1, 3600) is { } number
                ? settings with { NetTimeout = TimeSpan.FromSeconds(number) } : null,
            static settings => Seconds(settings.NetTimeout))
        {
            Accepted = "seconds, 1 to 3600",
            Meaning = "how long to wait for network card, carrier and address; two thirds of it at most for DHCP",
        },
    ];
}
