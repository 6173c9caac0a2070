namespace Lifeboat.Kexec.Planning;

/// <summary>What is to be loaded for the crash, and on which machine.</summary>
/// <remarks>
/// The command line is the capture kernel's without <c>elfcorehdr=</c>, which the planner appends; <see cref="CaptureCommandLine"/>
/// makes one.
/// </remarks>
public sealed record CrashLoadRequest : LoadRequest
{
    /// <summary>
    /// Whether the running kernel keeps the ELF core header up to date as CPUs and memory come and go (KEXEC_UPDATE_ELFCOREHDR): the
    /// header gets the room that the kernel asks for, and purgatory does not check it.
    /// </summary>
    public bool Hotplug { get; init; }
}
