namespace Lifeboat.Capture.Settings;

/// <summary>Programs and modules of this machine that settings put into the ramdisk, and when programs run.</summary>
public sealed record CapturePrograms
{
    /// <summary>The program that runs before the dump; null for none.</summary>
    public string? BeforeDump { get; init; }

    /// <summary>The program that runs at the end; null for none.</summary>
    public string? AtEnd { get; init; }

    /// <summary>How long each of them may take.</summary>
    public TimeSpan TimeForEach { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The shell of <see cref="Init.PowerAction.Shell"/>.</summary>
    public string Shell { get; init; } = "/bin/sh";

    /// <summary>More programs, by path, for whoever calls them; separated by a blank. Null for none.</summary>
    public string? Extra { get; init; }

    /// <summary>More modules, by name, separated by a blank. Null for none.</summary>
    public string? ExtraModules { get; init; }

    /// <summary>Parameters for modules, a line <c>MODULE PARAMETERS</c> each. Null for none.</summary>
    public string? ModuleOptions { get; init; }

    /// <summary>The lines of <see cref="ModuleOptions"/>.</summary>
    public IReadOnlyList<string> ModuleOptionLines => ModuleOptions?.Split('\n') ?? [];

    /// <summary>The names in <see cref="ExtraModules"/>.</summary>
    public IReadOnlyList<string> ExtraModuleNames => ExtraModules?.Split(' ') ?? [];

    /// <summary>Every program that the ramdisk needs.</summary>
    /// <param name="withShell">Whether the shell is among them.</param>
    public IReadOnlyList<string> Paths(bool withShell)
    {
        var paths = new List<string>(Extra?.Split(' ') ?? []);
        foreach (string? path in (ReadOnlySpan<string?>)[BeforeDump, AtEnd, withShell ? Shell : null])
        {
            if (path is not null && !paths.Contains(path))
            {
                paths.Add(path);
            }
        }

        return paths;
    }
}
