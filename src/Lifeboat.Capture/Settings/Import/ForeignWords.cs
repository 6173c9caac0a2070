namespace Lifeboat.Capture.Settings.Import;

/// <summary>What values of several programs' settings have in common.</summary>
internal static class ForeignWords
{
    /// <summary>A value's words.</summary>
    internal static string[] Split(string value) => value.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The last part of a program's path.</summary>
    internal static string ProgramOf(string word) => word[(word.LastIndexOf('/') + 1)..];

    /// <summary>The action of ours that a command such as <c>systemctl reboot -f</c> is; null when it is none.</summary>
    internal static string? ActionOf(string command)
    {
        string? action = null;
        foreach (string word in Split(command))
        {
            string program = ProgramOf(word);
            if (action is null && program is "reboot" or "halt" or "poweroff")
            {
                action = program;
            }
            else if (action == "halt" && word is "-p" or "--poweroff")
            {
                action = "poweroff";
            }
            else if (program != "systemctl" && word[0] != '-')
            {
                return null;
            }
        }

        return action;
    }

    /// <summary>Writes the target of a filesystem, when the capture kernel will find it.</summary>
    internal static void CarryTarget(ForeignSetting setting, string fileSystem, string device, ImportBuilder builder)
    {
        switch (device.StartsWith("/dev/", StringComparison.Ordinal) ? DevicePath.KindOf(device) : DevicePathKind.Plain)
        {
            case DevicePathKind.Link when DevicePath.SelectorOf(device) is { } selector:
                builder.Carry(setting, fileSystem, selector.ToString());
                break;
            case DevicePathKind.Link:
                builder.Lose(setting, "the capture kernel has no udev to make this name: say UUID=... as blkid prints it");
                break;
            case DevicePathKind.Numbered:
                builder.Lose(setting, "a number of device mapper's, which is another one at each boot: say /dev/mapper/NAME");
                break;
            case DevicePathKind.Nested:
                builder.Lose(setting, "a volume group's name, which the capture kernel would not have; of a partition say UUID=...");
                break;
            default:
                builder.Carry(setting, fileSystem, device);
                break;
        }
    }

    /// <summary>Writes a folder, as <c>path</c> or <c>local</c>; a closing slash is no part of it.</summary>
    internal static void CarryFolder(ForeignSetting setting, string directiveName, string path, ImportBuilder builder) =>
        builder.Carry(setting, directiveName, path.Length > 1 ? path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/" : path);
}
