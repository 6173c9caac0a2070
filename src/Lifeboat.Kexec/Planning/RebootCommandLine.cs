namespace Lifeboat.Kexec.Planning;

/// <summary>Makes the command line of a reboot's kernel from the running kernel's.</summary>
public static class RebootCommandLine
{
    /// <summary>
    /// What is not taken over: what names the files of another boot, and what a loader writes for one boot. A reservation
    /// (crashkernel=) stays, so that the next kernel can be armed as well.
    /// </summary>
    private static readonly string[] Dropped =
        ["BOOT_IMAGE", "initrd", "acpi_rsdp", "elfcorehdr", "kexec_jump_back_entry"];

    /// <summary>
    /// The running kernel's parameters without those of its own start, then <paramref name="append"/>, which so has the last word;
    /// what stands behind <c>--</c> is init's, and stays at the end.
    /// </summary>
    /// <param name="running">The running kernel's command line, /proc/cmdline.</param>
    /// <param name="append">What the user adds; null or empty for nothing.</param>
    public static string FromRunning(string running, string? append = null)
    {
        List<string> parameters = KernelParameters.Without(running, Dropped, out string forInit);
        return NextCommandLine.Join(string.Join(' ', parameters), append ?? "", forInit);
    }
}
