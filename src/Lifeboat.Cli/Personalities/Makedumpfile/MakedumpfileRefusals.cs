namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>Options of makedumpfile that are known and not done: each is refused by name, with what to do instead.</summary>
internal static class MakedumpfileRefusals
{
    private const string Xen = "dumps of Xen are not read; use makedumpfile itself";
    private const string Erasing = "nothing is erased from dumps; write the dump without it, then run makedumpfile itself with it on that dump";

    /// <summary>Why an option is not done and what to do; null when it is done.</summary>
    public static string? Of(string option) => option switch
    {
        "-e" => "page structures of pages left out are kept; leave it out and use -d 31, with -z for the smallest file",
        "-g" => "VMCOREINFO is not made from debugging information; leave out -g and -i: dumps of kernels since 2.6.24 have it",
        "-X" or "--xen-syms" or "--xen-vmcoreinfo" or "--xen_phys_start" => Xen,
        "--config" or "--eppic" or "--extension" => Erasing,
        "--diskset" => "dumps of sadump are not read; use makedumpfile itself",
        _ => null,
    };
}
