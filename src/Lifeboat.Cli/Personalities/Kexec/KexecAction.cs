namespace Lifeboat.Cli.Personalities.Kexec;

/// <summary>What a step of kexec-tools' kexec does, in the order in which it does them.</summary>
[Flags]
internal enum KexecAction
{
    None = 0,

    /// <summary>Unload the image that is loaded.</summary>
    Unload = 1,

    /// <summary>Load a kernel.</summary>
    Load = 2,

    /// <summary>Have the system shut down in order; the loaded kernel is started at the end.</summary>
    Shutdown = 4,

    /// <summary>Write out what is dirty.</summary>
    Sync = 8,

    /// <summary>Take network interfaces down.</summary>
    InterfacesDown = 16,

    /// <summary>Start the loaded kernel at once.</summary>
    Execute = 32,
}
