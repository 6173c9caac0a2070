namespace Lifeboat.Kexec.Loading;

/// <summary>The kernel's two ways to take an image.</summary>
public enum KexecCall
{
    /// <summary>
    /// kexec_load: the program lays out the memory and brings purgatory; the kernel is given segments and checks only where they lie.
    /// </summary>
    KexecLoad,

    /// <summary>
    /// kexec_file_load: the kernel is given files, checks their signatures where it must, and lays out the memory itself.
    /// </summary>
    KexecFileLoad,
}
