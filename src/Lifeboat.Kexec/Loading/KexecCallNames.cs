namespace Lifeboat.Kexec.Loading;

/// <summary>The names of the two calls, as the kernel has them, and of the choice between them.</summary>
public static class KexecCallNames
{
    /// <summary>The name that leaves the choice to <see cref="LoaderChoice"/>.</summary>
    public const string Auto = "auto";

    private const string Load = "kexec_load";
    private const string FileLoad = "kexec_file_load";

    /// <summary>All names, <see cref="Auto"/> first.</summary>
    public static IReadOnlyList<string> All { get; } = [Auto, Load, FileLoad];

    /// <summary>The kernel's name of a call.</summary>
    public static string NameOf(KexecCall call) => call == KexecCall.KexecLoad ? Load : FileLoad;

    /// <summary>The call of a name; null for <see cref="Auto"/>.</summary>
    /// <exception cref="ArgumentException">It is none of <see cref="All"/>.</exception>
    public static KexecCall? Parse(string name) => name switch
    {
        Auto => null,
        Load => KexecCall.KexecLoad,
        FileLoad => KexecCall.KexecFileLoad,
        _ => throw new ArgumentException($"no call {name}", nameof(name)),
    };
}
