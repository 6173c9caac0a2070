namespace Lifeboat.Cli.Personalities.VmcoreDmesg;

/// <summary>What <c>-h</c> prints.</summary>
internal static class VmcoreDmesgHelp
{
    public const string Text =
        """
        NAME
            vmcore-dmesg - print the kernel's log of a dump, done by lifeboat

        SYNOPSIS
            vmcore-dmesg FILE

        DESCRIPTION
            This is lifeboat, called by the name of vmcore-dmesg. FILE may be a dump of any format that lifeboat reads, not ELF
            alone.

        EXIT STATUS
            0
                done
            1
                the command line is not one file
            2
                FILE cannot be opened
            4
                FILE is no dump
            50
                FILE does not say where the log is
            54
                the log cannot be written
            65
                the log cannot be read

        """;
}
