using Lifeboat.Vmcore.Writing;

namespace Lifeboat.Cli.Personalities.Makedumpfile;

/// <summary>Which options and operands of makedumpfile go together.</summary>
internal static class MakedumpfileRules
{
    /// <summary>What a command line that cannot be ends with.</summary>
    /// <param name="why">What is wrong with it; null when makedumpfile does not say more either.</param>
    public static MakedumpfileException Invalid(string? why = null) => new(
        null,
        $"{(why is null ? "" : $"{why}\n")}Commandline parameter is invalid.\nTry `makedumpfile --help' for more information.");

    /// <summary>Checks a command line.</summary>
    /// <exception cref="MakedumpfileException">It cannot be.</exception>
    public static void Check(MakedumpfileSettings settings)
    {
        switch (settings.Mode)
        {
            case MakedumpfileMode.Rearrange:
                Require(settings.Operands.Count == 1 && IsPlain(settings));
                break;
            case MakedumpfileMode.Reassemble:
                Require(settings.Operands.Count >= 2 && IsPlain(settings) && !settings.Splits);
                Refuse(settings.IsDryRun, "--dry-run cannot be used with --reassemble.");
                break;
            default:
                CheckCreating(settings);
                break;
        }
    }

    // Nothing is decided about pages when a file is only put together.
    private static bool IsPlain(MakedumpfileSettings settings) =>
        settings.Compression is null && settings.Levels[0] == 0 && !settings.IsElf && settings.VmcoreinfoFile is null
        && settings.Vmlinux is null && !settings.IsFlattened;

    private static void CheckCreating(MakedumpfileSettings settings)
    {
        Require(settings.Compression is null || !settings.IsElf);
        Require(settings.VmcoreinfoFile is null || settings.Vmlinux is null);
        Refuse(settings.IsDryRun && settings.WritesLog, "--dry-run cannot be used with --dump-dmesg.");
        Require(!settings.IsFlattened || !settings.Splits);
        Refuse(settings.Threads > 0 && settings.Splits, "--num-threads cannot used with --split.");
        Refuse(settings.Threads > 0 && settings.IsElf, "--num-threads cannot used with ELF format.");
        Require(!settings.WritesPartialLog || settings.WritesLog);
        int count = settings.Operands.Count;
        if (settings.Splits)
        {
            Require(count > 2);
            Refuse(settings.IsElf, "Options for splitting dumpfile cannot be used with Elf format.");
            Refuse(count - 1 > KdumpFileWriter.MaxParts, $"A dump is split into {KdumpFileWriter.MaxParts} files at the most.");
        }
        else
        {
            bool takesOne = settings.IsFlattened || settings.Mode == MakedumpfileMode.MemoryUsage;
            Require(count == (takesOne ? 1 : 2));
        }
    }

    private static void Require(bool isRight)
    {
        if (!isRight)
        {
            throw Invalid();
        }
    }

    private static void Refuse(bool isWrong, string why)
    {
        if (isWrong)
        {
            throw Invalid(why);
        }
    }
}
