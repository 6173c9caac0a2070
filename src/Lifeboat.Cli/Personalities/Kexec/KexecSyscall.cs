namespace Lifeboat.Cli.Personalities.Kexec;

/// <summary>Which system call loads: <c>-a</c>, <c>-c</c>, <c>-s</c>.</summary>
internal enum KexecSyscall
{
    /// <summary>kexec_file_load, and kexec_load where the kernel does not have it or does not know the image.</summary>
    Automatic,

    /// <summary>kexec_load only.</summary>
    Load,

    /// <summary>kexec_file_load only.</summary>
    FileLoad,
}
